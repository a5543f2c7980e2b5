"""Every table, imported once so that the metadata is complete for migrations.

A feature brings its further model modules along with its package."""
from lims.alerts import models as alerts
from lims.api import models as api
from lims.auth import models as auth
from lims.customers import models as customers
from lims.equipment import caps, rooms, tally
from lims.equipment import models as equipment
from lims.equipment import record_models as equipment_records
from lims.impact import models as impact
from lims.issue import models as issue
from lims.issue import retention_models as retention
from lims.issue import statement_models as statements
from lims.jobs import capability_models as capabilities
from lims.jobs import disposal_models as disposal
from lims.jobs import models as jobs
from lims.jobs import rooms as sheet_rooms
from lims.legal import designation_models as designations
from lims.legal import models as legal
from lims.legal import status_models as status
from lims.legal import sticker_models as stickers
from lims.owners import models as owners
from lims.plans import models as plans
from lims.programmes import models as programmes
from lims.reports import models as reports
from lims.shared import audit, files, organisation, tasks, word_index
from lims.staff import models as staff
from lims.staff import signing
from lims.surveys import coverage_models as coverage
from lims.surveys import models as surveys
from lims.workload import models as workload

__all__ = ["alerts", "api", "audit", "auth", "capabilities", "caps", "coverage", "customers", "designations",
           "disposal", "equipment", "equipment_records", "files", "impact", "issue", "jobs", "legal", "organisation",
           "owners", "plans", "programmes", "reports", "retention", "rooms", "sheet_rooms", "signing", "staff",
           "statements", "status", "stickers", "surveys", "tally", "tasks", "word_index", "workload"]
