"""Charts of enrichments: options of Highcharts as JSON, drawn with Apache ECharts (reference, sections 3.3 and 8).

Only what is read and understood here gets into a drawing; nothing of an author's JSON is run, or becomes markup.
"""

from soarkit.enrichments.charts.assets import scripts, styles
from soarkit.enrichments.charts.refusing import ChartRefused, Refusal, check
from soarkit.enrichments.charts.translating import Drawing, translate

__all__ = ["ChartRefused", "Drawing", "Refusal", "check", "scripts", "styles", "translate"]
