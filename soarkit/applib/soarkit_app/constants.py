"""The platform's constants for apps (connector API, section 5).

Values are what apps compare with or use as keys. The wording of messages is soarkit's own; their slots are what
apps fill.
"""

APP_SUCCESS = True
APP_ERROR = False
APP_SUCCESS_STR = "success"
APP_ERROR_STR = "failed"

ACTION_ID_TEST_ASSET_CONNECTIVITY = "test_asset_connectivity"
ACTION_ID_INGEST_ON_POLL = "on_poll"
ACTION_ID_INGEST_ON_RECEIVE = "on_receive"

APP_DEFAULT_ARTIFACT_LABEL = "artifact"
APP_DEFAULT_ARTIFACT_TYPE = "network"
APP_DEFAULT_CONTAINER_LABEL = "incident"
ARTIFACT_BATCH_SIZE = 100
DEFAULT_REST_BASE_URL = "https://127.0.0.1/rest/"

SEVERITY_LOW = "low"
SEVERITY_MEDIUM = "medium"
SEVERITY_HIGH = "high"
SENSITIVITY_RED = "red"
SENSITIVITY_AMBER = "amber"
SENSITIVITY_GREEN = "green"
SENSITIVITY_WHITE = "white"
KILL_CHAIN_RECON = "reconnaissance"
KILL_CHAIN_WEAPONIZATION = "weaponization"
KILL_CHAIN_DELIVERY = "delivery"
KILL_CHAIN_EXPLOITATION = "exploitation"
KILL_CHAIN_INSTALLATION = "installation"
KILL_CHAIN_CNC = "cnc"
KILL_CHAIN_ACTIONS = "actions"

APP_PROG_CONNECTING_TO_ELLIPSES = "Connecting to {0}..."
APP_PROG_CONNECTING_WITH_URL = "Connecting with the URL {0}"
APP_PROG_CONNECTED_TO_SERVER = "Connected to {server}"
APP_PROG_FILE_SIZE = "The file has {value} {type}"
APP_PROG_FINISHED_DOWNLOADING_STATUS = "Downloaded {value} {type}"
APP_PROG_DOWNLOADING_FILE_FROM_TO = "Downloading {src} to {dest}"
APP_PROG_ADDING_TO_VAULT = "Adding the file to the vault"
APP_PROG_LOADED_CONFIG = "The configuration is loaded"

APP_SUCC_FILE_ADD_TO_VAULT = "The file was added to the vault"
APP_SUCC_FILE_DOWNLOAD = "The file was downloaded"
APP_SUCC_CMD_EXEC = "The command was executed"
APP_SUCC_CONN_RUN = "The action succeeded"
APP_SUCC_SOME_CMDS = "The action succeeded in part: {total_failures} failed"
APP_ERR_FILE_ADD_TO_VAULT = "The file could not be added to the vault"
APP_ERR_CMD_EXEC = "The command could not be executed"
APP_ERR_CONN_RUN = "The action failed"
APP_ERR_EXCEPTION_OCCURED = "The app raised an exception"
APP_ERR_NYI = "The app does not implement this action"
APP_ERR_UNK_CMD = "The app does not know the action {action_identifier}"


def is_fail(status: object) -> bool:
    """Whether a status says failure; None does."""
    return not status


def is_success(status: object) -> bool:
    """Whether a status says success."""
    return bool(status)
