"""Values of indicators: those with a pattern and what it is, those without, and hostile ones."""

from __future__ import annotations

import re

from hypothesis import strategies as st

TLSH = "6FF02BEF718027B0160B4391212923ED7F1A463D563B1549B86CF62973B197AD2731F8"
SSDEEP = "3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C"
# Type, value, the pattern of the reference (4.3), and the type of the observable ("" for none).
TABLE = [
    ("IP Address", "192.0.2.7", "[ipv4-addr:value = '192.0.2.7']", "ipv4-addr"),
    ("IP Address", "2001:DB8:0::1", "[ipv6-addr:value = '2001:db8::1']", "ipv6-addr"),
    ("IPv6 Address", "2001:0db8::0001", "[ipv6-addr:value = '2001:db8::1']", "ipv6-addr"),
    ("IPv6 Address", "::FFFF:192.0.2.1", "[ipv6-addr:value = '::ffff:c000:201']", "ipv6-addr"),
    ("CIDR Block", "192.0.2.0/24", "[ipv4-addr:value ISSUBSET '192.0.2.0/24']", ""),
    ("CIDR Block", "2001:DB8::/32", "[ipv6-addr:value ISSUBSET '2001:db8::/32']", ""),
    ("FQDN", "WWW.Example.COM.", "[domain-name:value = 'www.example.com']", "domain-name"),
    ("FQDN", "_dmarc.example.com", "[domain-name:value = '_dmarc.example.com']", ""),
    ("Host name", "mail-1", "[domain-name:value = 'mail-1']", "domain-name"),
    ("URL", "https://example.com/a?b=%27", "[url:value = 'https://example.com/a?b=%27']", "url"),
    ("URL", "https://example.com/ü", "[url:value = 'https://example.com/ü']", ""),
    (
        "URL",
        "example.com:8080/it's",
        r"[url:value = 'http://example.com:8080/it\'s' OR url:value = 'https://example.com:8080/it\'s']",
        "",
    ),
    ("URL Path", "/a.php", "[network-traffic:extensions.'http-request-ext'.request_value = '/a.php']", ""),
    ("Email Address", "a.b@example.com", "[email-addr:value = 'a.b@example.com']", "email-addr"),
    ("Email Address", "a b@example", "[email-addr:value = 'a b@example']", ""),
    ("Email Subject", "Your invoice", "[email-message:subject = 'Your invoice']", "email-message"),
    ("Email Attachment", "a.doc", "[email-message:body_multipart[*].body_raw_ref.name = 'a.doc']", ""),
    ("X-Mailer", "Bat 1", "[email-message:additional_header_fields.'X-Mailer'[*] = 'Bat 1']", ""),
    (
        "User-agent",
        "curl/8",
        "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'[*] = 'curl/8']",
        "",
    ),
    ("MD5", "AB" * 16, f"[file:hashes.'MD5' = '{'ab' * 16}']", "file"),
    ("SHA-1", "ab" * 20, f"[file:hashes.'SHA-1' = '{'ab' * 20}']", "file"),
    ("SHA-256", "ab" * 32, f"[file:hashes.'SHA-256' = '{'ab' * 32}']", "file"),
    ("SHA-384", "ab" * 48, f"[file:hashes.'SHA-384' = '{'ab' * 48}']", ""),
    ("SHA-512", "ab" * 64, f"[file:hashes.'SHA-512' = '{'ab' * 64}']", "file"),
    ("Fuzzy Hash", SSDEEP, f"[file:hashes.SSDEEP = '{SSDEEP}']", "file"),
    ("Fuzzy Hash", "T1" + TLSH.lower(), f"[file:hashes.TLSH = '{TLSH}']", "file"),
    ("Filename", "it's.exe", r"[file:name = 'it\'s.exe']", "file"),
    (
        "File Path",
        r"C:\a\b'c",
        r"[file:name = 'b\'c' AND file:parent_directory_ref.path = 'C:\\a']",
        "",
    ),
    ("File Path", r"\\srv\x", r"[file:name = 'x' AND file:parent_directory_ref.path = '\\\\srv']", ""),
    ("File Path", "/etc/", "[directory:path = '/etc/']", "directory"),
    ("File Path", "/passwd", "[file:name = 'passwd' AND file:parent_directory_ref.path = '/']", ""),
    ("File Path", r"C:\x", r"[file:name = 'x' AND file:parent_directory_ref.path = 'C:\\']", ""),
    ("File Path", "x.exe", "[file:name = 'x.exe']", ""),
    (
        "Registry Key",
        r"HKLM\Software\X",
        r"[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\Software\\X']",
        "windows-registry-key",
    ),
    ("Registry Key", r"hku\S-1-5", r"[windows-registry-key:key = 'HKEY_USERS\\S-1-5']", "windows-registry-key"),
    ("Registry Key", r"HKLM\HKCUx", r"[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\HKCUx']", ""),
    ("Mutex", r"Global\m", r"[mutex:name = 'Global\\m']", "mutex"),
    ("MAC Address", "00-AB-cd-00-11-22", "[mac-addr:value = '00:ab:cd:00:11:22']", "mac-addr"),
    ("MAC Address", "00ab.cd00.1122", "[mac-addr:value = '00:ab:cd:00:11:22']", "mac-addr"),
    ("ASN", "AS64496", "[autonomous-system:number = 64496]", "autonomous-system"),
    ("ASN", "64496", "[autonomous-system:number = 64496]", "autonomous-system"),
    ("x509 Serial", "02:0A", "[x509-certificate:serial_number = '02:0A']", "x509-certificate"),
    ("x509 Subject", "CN=a, O=b", "[x509-certificate:subject = 'CN=a, O=b']", ""),
    ("Username", "root", "[user-account:account_login = 'root']", "user-account"),
    ("Service Name", "svc", "[process:extensions.'windows-service-ext'.service_name = 'svc']", ""),
    ("String", "a.b*é", r"[artifact:payload_bin MATCHES 'a\\.b\\*\\xc3\\xa9']", ""),
    ("Binary String", "4D 5a 00", r"[artifact:payload_bin MATCHES '\\x4d\\x5a\\x00']", ""),
    ("Binary String", "MZ!", r"[artifact:payload_bin MATCHES '\\x4d\\x5a\\x21']", ""),
]
WITHOUT = {"CVE": "CVE-2021-44228", "GOST Hash": "ab", "Hash ION": "ab", "File Mapping": "x", "Password": "hunter2"}
REFUSED = [
    ("MD5", "a" * 31, "32 hexadecimal digits"),
    ("MD5", "g" * 32, "32 hexadecimal digits"),
    ("SHA-256", "a" * 63, "64 hexadecimal digits"),
    ("Fuzzy Hash", "looks like the other one", "neither an ssdeep nor a TLSH"),
    ("Fuzzy Hash", "3:" + "a" * 100 + ":" + "b" * 100, "neither an ssdeep nor a TLSH"),
    ("ASN", "abc", "number of an autonomous system"),
    ("ASN", "4294967296", "number of an autonomous system"),
    ("ASN", "-1", "number of an autonomous system"),
    ("ASN", "٣", "number of an autonomous system"),
    ("CIDR Block", "192.0.2.0/33", "network with its prefix"),
    ("CIDR Block", "192.0.2.0", "network with its prefix"),
    ("CIDR Block", "x/24", "network with its prefix"),
    ("IP Address", "192.0.2.256", "not an IPv4 or IPv6 address"),
    ("IP Address", "192.0.2.0/24", "not an IPv4 or IPv6 address"),
    ("IPv6 Address", "fe80::1%eth0", "zone"),
    ("MAC Address", "00:11:22:33:44", "12 hexadecimal digits"),
    ("MAC Address", "00:11-22:33:44:55", "12 hexadecimal digits"),
    ("FQDN", ".", "not a name"),
    ("URL", "//", "not a URL"),
    ("Mutex", "", "empty"),
    ("Mutex", " \t", "empty"),
    ("Mutex", "a\0b", "NUL"),
    ("Mutex", "a\nb", "line break"),
    ("String", "a\rb", "line break"),
    ("Filename", "a\u2028b", "line break"),
    ("Filename", "a\ud800b", "surrogate"),
]
_PIECES = st.sampled_from(
    [
        *(
            "'",
            "\\",
            "\\'",
            "''",
            '"',
            "\\\\srv\\share",
            "C:\\",
            "/",
            "%27",
            "%",
            "_",
            "*",
            "\t",
            "\x01",
            "\x7f",
            "]",
            " OR ",
        ),
        *(
            "\u202eexe.doc",
            "שלום",
            "مرحبا",
            "😀",
            "e\u0301",
            "é",
            "(?i)",
            "$",
            "^",
            ".",
            "#",
            " ",
            "&lt;",
            "{0}",
            "${x}",
        ),
    ]
)
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0\n\x0b\x0c\r\x85\u2028\u2029")
hostile = st.one_of(
    st.lists(_PIECES, min_size=1, max_size=6).map("".join), st.text(_CHARACTERS, min_size=1, max_size=40)
).filter(str.strip)


def unescaped(pattern: str) -> list[str]:
    """The texts that a pattern compares with, read by the rule of the grammar and not by the exporter's code."""
    literals = re.findall(r"(?:=|MATCHES|ISSUBSET) '((?:[^'\\]|\\.)*)'", pattern, re.DOTALL)
    return [re.sub(r"\\(.)", r"\1", literal, flags=re.DOTALL) for literal in literals]
