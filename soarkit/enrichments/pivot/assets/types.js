/* How entity types look: a name, a colour (in the styles) and a sign on a 16 x 16 grid. */
{
  const KNOWN = {
    "anomali.Domain": ["domain", "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM2.2 8h11.6M8 2c4 4 4 8 0 12M8 2c-4 4-4 8 0 12"],
    "anomali.IPv4Address": ["ipv4", "M2.5 3h11v7.5h-11zM8 10.5v3M5 13.5h6"],
    "anomali.Hash": ["hash", "M6.2 2.5l-1.4 11M11.2 2.5l-1.4 11M3 6h10.5M2.5 10H13"],
    "anomali.EmailAddress": ["email", "M2 4h12v8.5H2zM2 4.5l6 4.5 6-4.5"],
    "anomali.URL": [
      "url",
      "M6.5 9.5l3-3M7.5 4.5l1.7-1.7a2.8 2.8 0 0 1 4 4L11.5 8.5M8.5 11.5l-1.7 1.7a2.8 2.8 0 0 1-4-4L4.5 7.5",
    ],
    "anomali.Phrase": ["phrase", "M2.5 4h11M2.5 8h11M2.5 12h6.5"],
    "anomali.AS": ["as", "M8 2.5v4M8 6.5l-4.5 4M8 6.5l4.5 4M6.5 2h3v3h-3zM2 10.5h3v3H2zM11 10.5h3v3h-3z"],
    "anomali.NSRecord": ["nsrecord", "M2.5 2.5h11v4.5h-11zM2.5 9h11v4.5h-11zM5 4.7h.1M5 11.2h.1"],
  };
  const OTHER = ["other", "M6 6a2 2 0 1 1 2.6 1.9c-.4.2-.6.5-.6 1V10M8 12.3v.1"];
  const types = soarkit.block("types"); // {constant: {name, option of --type}}
  const last = (type) => type.split(".").pop() || "?";

  const sign = (type) => (Object.hasOwn(KNOWN, type) ? KNOWN[type] : OTHER);
  soarkit.typeName = (type) => (Object.hasOwn(types, type) ? types[type].name : soarkit.written(last(type)));
  soarkit.typeClass = (type) => `type-${sign(type)[0]}`;
  soarkit.typeOption = (type) => (Object.hasOwn(types, type) ? types[type].option : null); // of --type
  soarkit.typePath = (type) => sign(type)[1];
  soarkit.typeOrder = Object.keys(KNOWN);
}
