"""Every table, imported once so that the metadata is complete for migrations."""
from lims.alerts import models as alerts
from lims.auth import models as auth
from lims.customers import models as customers
from lims.equipment import models as equipment
from lims.issue import models as issue
from lims.jobs import capability_models as capabilities
from lims.jobs import models as jobs
from lims.shared import audit, files, organisation, tasks, word_index
from lims.staff import models as staff
from lims.staff import signing

__all__ = ["alerts", "audit", "auth", "capabilities", "customers", "equipment", "files", "issue", "jobs",
           "organisation", "signing", "staff", "tasks", "word_index"]
