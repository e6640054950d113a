"""What kind of installation the app runs on."""

from soarkit_app.installation import (
    get_product_version,
    get_rest_base_url,
    get_verify_ssl_setting,
    is_cloud_install,
    is_fips_enabled,
    is_onprem_broker_install,
    is_onprem_broker_rpc_install,
)

__all__ = [
    "get_product_version",
    "get_rest_base_url",
    "get_verify_ssl_setting",
    "is_cloud_install",
    "is_fips_enabled",
    "is_onprem_broker_install",
    "is_onprem_broker_rpc_install",
]
