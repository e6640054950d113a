"""The open vocabularies of STIX 2.1 (section 10 of the standard) that a library's words are held against."""

from typing import FrozenSet, Iterable, List

from .texts import slug, texts


def _words(text: str) -> FrozenSet[str]:
    return frozenset(text.split())


ATTACK_MOTIVATION = _words(
    "accidental coercion dominance ideology notoriety organizational-gain personal-gain personal-satisfaction revenge"
    " unpredictable"
)
ATTACK_RESOURCE_LEVEL = _words("individual club contest team organization government")
IDENTITY_CLASS = _words("individual group system organization class unknown")
INDUSTRY_SECTOR = _words(
    "agriculture aerospace automotive chemical commercial communications construction defense education energy"
    " entertainment financial-services government emergency-services government-local government-national"
    " government-public-services government-regional healthcare hospitality-leisure infrastructure dams nuclear water"
    " insurance manufacturing mining non-profit pharmaceuticals retail technology telecommunications transportation"
    " utilities"
)
MALWARE_TYPE = _words(
    "adware backdoor bot bootkit ddos downloader dropper exploit-kit keylogger ransomware remote-access-trojan"
    " resource-exploitation rogue-security-software rootkit screen-capture spyware trojan unknown virus webshell wiper"
    " worm"
)
THREAT_ACTOR_TYPE = _words(
    "activist competitor crime-syndicate criminal hacker insider-accidental insider-disgruntled nation-state"
    " sensationalist spy terrorist unknown"
)
THREAT_ACTOR_ROLE = _words(
    "agent director independent infrastructure-architect infrastructure-operator malware-author sponsor"
)
THREAT_ACTOR_SOPHISTICATION = _words("none minimal intermediate advanced expert innovator strategic")
TOOL_TYPE = _words(
    "denial-of-service exploitation information-gathering network-capture credential-exploitation remote-access"
    " vulnerability-scanning unknown"
)


def known(values: Iterable[str], vocabulary: FrozenSet[str]) -> List[str]:
    """The values that the vocabulary has, in its spelling, once each; a claim is never stretched to fit."""
    return texts(word for word in map(slug, values) if word in vocabulary)
