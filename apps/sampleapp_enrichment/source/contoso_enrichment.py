# Copyright (c) Contoso Corp
# Licensed under the Apache License 2.0
"""Context enrichments: what is shown on the page of an observable.

By hand: python contoso_enrichment.py enrichIP 192.0.2.10 --credentials '{"api_key": "..."}'
"""

from urllib.parse import quote

from AnomaliEnrichment import (
    AnomaliEnrichment,
    ChartWidget,
    CompositeItem,
    HorizontalRuleWidget,
    ItemInWidget,
    ItemTypes,
    TableWidget,
    TextWidget,
)
from contoso_api import ApiError, ContosoApi
from contoso_charts import COLORS, addresses_timeline, networks_pie, queries_chart, score_gauge

PORTAL = "https://passivedns.contoso.example/look-up/"


def add_heading(ae, text):
    item = ItemInWidget(
        ItemTypes.String,
        text,
        text,
        backgroundColor="SteelBlue",
        textColor="White",
        fontSize="large",
        fontStyleWeight="bold",
    )
    ae.addWidget(TextWidget(item, True))


def add_verdict(ae, value, verdict, score):
    """One line of text widgets: all but the last say that no line ends after them."""
    judged = ItemInWidget(
        ItemTypes.String,
        verdict,
        verdict,
        backgroundColor=COLORS.get(verdict),
        textColor="white",
        fontStyleWeight="bold",
    )
    link = ItemInWidget(ItemTypes.Link, PORTAL + quote(value, safe=""), "See it at Contoso")
    ae.addWidget(TextWidget(ItemInWidget(ItemTypes.String, "Contoso judges it as "), False))
    ae.addWidget(TextWidget(judged, False))
    ae.addWidget(TextWidget(ItemInWidget(ItemTypes.String, " with a score of %d of 100. " % score), False))
    ae.addWidget(TextWidget(link, True))


def add_unknown(ae, value):
    text = "Contoso Passive DNS has never seen %s." % value
    ae.addWidget(TextWidget(ItemInWidget(ItemTypes.String, text, text, fontStyleWeight="italic"), True))


def composite(item_type, values, on_separate_lines):
    """Several items where one is expected: next to each other, or one a line."""
    together = CompositeItem(on_separate_lines)
    for value in values:
        together.addItemInWidget(ItemInWidget(item_type, value))
    return together


def enrichDomainOverview(ae, api, domain):
    add_heading(ae, "Domain %s" % domain)
    found = api.get("domains", domain)
    if found is None:
        add_unknown(ae, domain)
        return
    add_verdict(ae, domain, found["verdict"], found["score"])

    # Each category as a badge of its own, all in one line.
    categories = CompositeItem(False)
    for category in found["categories"]:
        categories.addItemInWidget(
            ItemInWidget(
                ItemTypes.String, category, category, backgroundColor="#dde7f0", textColor="#17324d", fontSize="12px"
            )
        )
    ae.addWidget(TextWidget(categories, True))
    ae.addWidget(HorizontalRuleWidget())

    # The items of this table have types of their own, as each row has another.
    facts = TableWidget("Registration", ["Fact", "Value"], columnWidths=["25%", "75%"])
    for name, item in (
        ("Registrar", ItemInWidget(ItemTypes.String, found["registrar"])),
        ("Created", ItemInWidget(ItemTypes.Date, found["created"])),
        ("First seen", ItemInWidget(ItemTypes.DateTime, found["first_seen"])),
        ("Last seen", ItemInWidget(ItemTypes.DateTime, found["last_seen"])),
        ("Name servers", composite(ItemTypes.NSRecord, found["name_servers"], True)),
    ):
        facts.addRowOfItems([ItemInWidget(ItemTypes.String, name, name, fontStyleWeight="bold"), item])
    ae.addWidget(facts)

    resolutions = api.get("domains", domain, "history")["resolutions"]
    add_resolutions(ae, resolutions)
    ae.addWidget(ChartWidget("Networks", networks_pie(resolutions)))
    ae.addMessage("DEBUG", "%d resolutions of %s" % (len(resolutions), domain))


def add_resolutions(ae, resolutions):
    # Here every column has one type. It decides how the column is sorted.
    table = TableWidget(
        "Addresses",
        ["Address", "Network", "First seen", "Last seen", "Answers", "Share"],
        [ItemTypes.IPv4, ItemTypes.String, ItemTypes.DateTime, ItemTypes.DateTime, ItemTypes.Integer, ItemTypes.Float],
    )
    table.setColumnWidths(["18%", "26%", "18%", "18%", "10%", "10%"])
    total = sum(one["count"] for one in resolutions)
    for one in resolutions:
        network = CompositeItem(False)
        network.addItemInWidget(ItemInWidget(ItemTypes.AS, "AS%d" % one["asn"]))
        network.addItemInWidget(ItemInWidget(ItemTypes.String, one["network"]))
        share = round(one["count"] / total, 3)
        table.addRowOfItems(
            [
                # A link of this form leads to the page of that address.
                ItemInWidget(ItemTypes.Link, "detail/v2/ip?value=%s" % one["ip"], one["ip"]),
                network,
                ItemInWidget(itemValue=one["first_seen"]),
                ItemInWidget(itemValue=one["last_seen"]),
                ItemInWidget(itemValue=one["count"]),
                ItemInWidget(itemValue=share),
            ]
        )
    ae.addWidget(table)


def enrichDomainHistory(ae, api, domain):
    add_heading(ae, "History of %s" % domain)
    history = api.get("domains", domain, "history")
    if history is None:
        add_unknown(ae, domain)
        return
    ae.addWidget(ChartWidget("Addresses over time", addresses_timeline(history["resolutions"])))
    ae.addWidget(HorizontalRuleWidget())
    ae.addWidget(ChartWidget("Queries", queries_chart(history["queries"])))

    busiest = max(history["queries"], key=lambda one: one["count"])
    lines = CompositeItem(True)
    lines.addItemInWidget(ItemInWidget(ItemTypes.String, "Busiest day: %(day)s, %(count)d queries" % busiest))
    lines.addItemInWidget(
        ItemInWidget(ItemTypes.String, "All days: %d queries" % sum(one["count"] for one in history["queries"]))
    )
    ae.addWidget(TextWidget(lines, True))


def enrichIP(ae, api, address):
    add_heading(ae, "Address %s" % address)
    found = api.get("ips", address)
    if found is None:
        add_unknown(ae, address)
        return
    add_verdict(ae, address, found["verdict"], found["score"])
    ae.addWidget(ChartWidget("Score", score_gauge(found["score"])))

    facts = TableWidget("Network", ["Fact", "Value"], columnWidths=["25%", "75%"])
    for name, item in (
        ("AS", ItemInWidget(ItemTypes.AS, "AS%d" % found["asn"])),
        ("Network", ItemInWidget(ItemTypes.String, found["network"])),
        ("Country", ItemInWidget(ItemTypes.String, found["country"])),
        ("Open ports", composite(ItemTypes.Integer, found["ports"], False)),
    ):
        facts.addRowOfItems([ItemInWidget(ItemTypes.String, name, name, fontStyleWeight="bold"), item])
    ae.addWidget(facts)

    table = TableWidget(
        "Domains that had this address",
        ["Domain", "First seen", "Last seen", "Answers"],
        [ItemTypes.Domain, ItemTypes.DateTime, ItemTypes.DateTime, ItemTypes.Integer],
    )
    for had in api.get("ips", address, "domains")["domains"]:
        table.addRowOfItems(
            [ItemInWidget(itemValue=had[key]) for key in ("domain", "first_seen", "last_seen", "count")]
        )
    ae.addWidget(table)


# The names are those in metadata.json: the second word of "parameters".
TRANSFORMS = {
    "enrichDomainOverview": enrichDomainOverview,
    "enrichDomainHistory": enrichDomainHistory,
    "enrichIP": enrichIP,
}


def main():
    ae = AnomaliEnrichment()
    ae.parseArguments()
    value = ae.getEntityValue()
    transform = TRANSFORMS.get(ae.getTransformName())
    if transform is None or value is None:
        ae.addException("Name a transform (%s) and a value." % ", ".join(TRANSFORMS))
    else:
        try:
            api = ContosoApi(ae.getCredentialValue("api_key"), ae.getCredentialValue("api_url"))
            transform(ae, api, value)
        except ApiError as error:
            ae.addException(str(error))
    # Prints the result. Nothing else may be printed.
    ae.returnOutput()


if __name__ == "__main__":
    main()
