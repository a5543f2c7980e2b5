// What every page does. Each module finds its own elements; a page without them costs nothing.
import "./modules/dialogs.js";
import "./modules/tabs.js";
import "./modules/dates.js";
import "./modules/drafts.js";
import "./modules/find.js";
import "./modules/forms.js";
import "./modules/keys.js";
import "./modules/network.js";
import "./modules/rows.js";
import "./modules/scan.js";
import "./modules/suggestions.js";
import "./modules/toasts.js";
