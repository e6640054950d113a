# Copyright (c) Contoso Corp
# Licensed under the Apache License 2.0
"""Pivots: from one entity on the graph to others.

By hand: python contoso_transform.py domainToIP contoso.example --credentials '{"api_key": "..."}'
"""

from AnomaliTransform import AnomaliTransform, EntityTypes
from contoso_api import ApiError, ContosoApi


def domainToIP(at, api, domain):
    history = api.get("domains", domain, "history") or {"resolutions": []}
    for resolution in history["resolutions"]:
        entity = at.addEntity(EntityTypes.IPv4, resolution["ip"])
        entity.addAdditionalField("first_seen", "First seen", resolution["first_seen"])
        entity.addAdditionalField("last_seen", "Last seen", resolution["last_seen"])
        entity.addAdditionalField("network", "Network", "AS%(asn)d %(network)s" % resolution)


def domainToEmail(at, api, domain):
    registration = api.get("domains", domain, "contacts") or {"contacts": []}
    for contact in registration["contacts"]:
        entity = at.addEntity(EntityTypes.EmailAddress, contact["email"])
        entity.addAdditionalField("role", "Role", contact["role"])


def ipToDomain(at, api, address):
    answer = api.get("ips", address, "domains") or {"domains": []}
    for had in answer["domains"]:
        entity = at.addEntity(EntityTypes.Domain, had["domain"])
        entity.addAdditionalField("first_seen", "First seen", had["first_seen"])
        entity.addAdditionalField("last_seen", "Last seen", had["last_seen"])


# The names are those in metadata.json: the second word of "parameters".
TRANSFORMS = {
    "domainToIP": domainToIP,
    "domainToEmail": domainToEmail,
    "ipToDomain": ipToDomain,
}


def main():
    at = AnomaliTransform()
    at.parseArguments()
    value = at.getEntityValue()
    transform = TRANSFORMS.get(at.getTransformName())
    if transform is None or value is None:
        at.addException("Name a transform (%s) and a value." % ", ".join(TRANSFORMS))
    else:
        try:
            api = ContosoApi(at.getCredentialValue("api_key"), at.getCredentialValue("api_url"))
            transform(at, api, value)
        except ApiError as error:
            at.addException(str(error))
    at.returnOutput()


if __name__ == "__main__":
    main()
