# File: sampleapp_consts.py
#
# Copyright (c) Contoso Corp
# Licensed under the Apache License 2.0
"""Texts and fixed values of SampleApp. Slots of messages are filled with str.format()."""

SAMPLEAPP_STATUS_ENDPOINT = "/api/v1/status"
SAMPLEAPP_FILE_ENDPOINT = "/api/v1/files/{hash}"
SAMPLEAPP_FILE_V2_ENDPOINT = "/api/v2/files"
SAMPLEAPP_BLOCK_LIST_ENDPOINT = "/api/v1/blocklist"
SAMPLEAPP_BLOCK_ENDPOINT = "/api/v1/blocklist/{hash}"

SAMPLEAPP_DEFAULT_TIMEOUT = 30
SAMPLEAPP_DETAIL_LEVELS = ("short", "full")

SAMPLEAPP_PROG_CONNECTING = "Connecting to {base_url}"
SAMPLEAPP_PROG_VERSION = "Version of the service: {version}"
SAMPLEAPP_PROG_QUERYING = "Querying hash {number} of {total}"
SAMPLEAPP_SUCC_CONNECTIVITY = "Test Connectivity Passed"
SAMPLEAPP_SUCC_BLOCKED = "Hash blocked"
SAMPLEAPP_SUCC_ALREADY_BLOCKED = "Hash was blocked already"
SAMPLEAPP_SUCC_UNBLOCKED = "Hash unblocked"
SAMPLEAPP_SUCC_NOT_BLOCKED = "Hash was not blocked"

SAMPLEAPP_ERR_CONNECTIVITY = "Test Connectivity Failed"
SAMPLEAPP_ERR_BASE_URL = "The base URL must begin with http:// or https://"
SAMPLEAPP_ERR_TIMEOUT_VALUE = "The timeout must be a number greater than zero"
SAMPLEAPP_ERR_DETAIL = "The parameter 'detail' must be one of: {levels}"
SAMPLEAPP_ERR_NO_HASH = "The parameter 'hash' holds no hash"
SAMPLEAPP_ERR_CONNECTION = "Could not reach the Contoso service. Details: {detail}"
SAMPLEAPP_ERR_TIMED_OUT = "The Contoso service did not answer within {timeout} seconds"
SAMPLEAPP_ERR_CERTIFICATE = "The certificate of the Contoso service is not trusted. Details: {detail}"
SAMPLEAPP_ERR_STATUS = "The Contoso service answered with status {status}. Details: {detail}"
SAMPLEAPP_ERR_RATE_LIMIT = (
    "The Contoso service takes no more requests for now (status 429). Try again in {seconds} seconds"
)
SAMPLEAPP_ERR_NO_JSON = "The Contoso service gave an answer that is not JSON. Details: {detail}"
