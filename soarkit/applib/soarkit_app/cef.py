"""The fields of the Common Event Format: short and long names, and what they contain (connector API, section 5)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List

#: ``short long`` names of the fields that have both.
_PAIRS = """
act deviceAction | app applicationProtocol | cat deviceEventCategory | cnt baseEventCount
cn1 deviceCustomNumber1 | cn1Label deviceCustomNumber1Label | cn2 deviceCustomNumber2
cn2Label deviceCustomNumber2Label | cn3 deviceCustomNumber3 | cn3Label deviceCustomNumber3Label
cs1 deviceCustomString1 | cs1Label deviceCustomString1Label | cs2 deviceCustomString2
cs2Label deviceCustomString2Label | cs3 deviceCustomString3 | cs3Label deviceCustomString3Label
cs4 deviceCustomString4 | cs4Label deviceCustomString4Label | cs5 deviceCustomString5
cs5Label deviceCustomString5Label | cs6 deviceCustomString6 | cs6Label deviceCustomString6Label
dhost destinationHostName | dmac destinationMacAddress | dntdom destinationNtDomain
dpriv destinationUserPrivileges | dproc destinationProcessName | dpt destinationPort
dst destinationAddress | duid destinationUserId | duser destinationUserName | dvc deviceAddress
dvchost deviceHostname | end endTime | fname fileName | fsize fileSize | in bytesIn | msg message
out bytesOut | outcome eventOutcome | proto transportProtocol | request requestURL | rt receiptTime
shost sourceHostName | smac sourceMacAddress | sntdom sourceNtDomain | spriv sourceUserPrivileges
spt sourcePort | src sourceAddress | start startTime | suid sourceUserId | suser sourceUserName
"""
#: Fields with one name only.
_SINGLE = """
destinationDnsDomain destinationServiceName destinationTranslatedAddress destinationTranslatedPort
deviceCustomDate1 deviceCustomDate1Label deviceCustomDate2 deviceCustomDate2Label deviceDirection
deviceDnsDomain deviceExternalId deviceFacility deviceInboundInterface deviceMacAddress
deviceOutboundInterface deviceProcessName deviceTranslatedAddress externalId fileCreateTime fileHash
fileHashMd5 fileHashSha1 fileHashSha256 fileHashSha512 fileId fileModificationTime filePath
filePermission fileType oldfileCreateTime oldfileHash oldfileId oldfileModificationTime oldfileName
oldfilePath oldfilePermission oldfileType oldfsize requestClientApplication requestCookies
requestMethod sourceDnsDomain sourceServiceName sourceTranslatedAddress sourceTranslatedPort vaultId
"""
#: What fields contain, by the type.
_CONTAINS = {
    "ip": "destinationAddress dst sourceAddress src deviceAddress dvc destinationTranslatedAddress "
    "deviceTranslatedAddress sourceTranslatedAddress",
    "domain": "destinationDnsDomain deviceDnsDomain sourceDnsDomain dntdom sntdom",
    "host name": "destinationHostName sourceHostName deviceHostname dhost shost dvchost",
    "mac address": "destinationMacAddress deviceMacAddress sourceMacAddress dmac smac",
    "port": "destinationPort destinationTranslatedPort sourcePort sourceTranslatedPort dpt spt",
    "process name": "destinationProcessName destinationServiceName deviceProcessName dproc",
    "user name": "destinationUserName sourceUserName duser suser",
    "hash": "fileHash oldfileHash",
    "md5": "fileHashMd5",
    "sha1": "fileHashSha1",
    "sha256": "fileHashSha256",
    "sha512": "fileHashSha512",
    "file name": "fileName fname oldfileName",
    "file path": "filePath oldfilePath",
    "url": "requestURL",
    "vault id": "vaultId",
}


def _name_mapping() -> Dict[str, str]:
    mapping = {name: name for name in _SINGLE.split()}
    for pair in _PAIRS.replace("\n", "|").split("|"):
        if pair.strip():
            short, long = pair.split()
            mapping[short], mapping[long] = long, short
    return dict(sorted(mapping.items()))


#: Each CEF name's other form; itself where there is no other.
CEF_NAME_MAPPING: Dict[str, str] = _name_mapping()

#: Each field's ``{"contains": [...]}``.
CEF_JSON: Dict[str, Dict[str, List[str]]] = {name: {"contains": []} for name in CEF_NAME_MAPPING}
for _type, _names in _CONTAINS.items():
    for _name in _names.split():
        CEF_JSON[_name]["contains"].append(_type)
