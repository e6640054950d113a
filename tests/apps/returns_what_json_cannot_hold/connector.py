"""Results full of NaN, NUL, lone surrogates and objects."""

import datetime
import decimal

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        result.add_data(
            {
                "nan": float("nan"),
                "infinity": float("inf"),
                "nul": "a\0b",
                "surrogate": "\ud800",
                "bytes": b"\xff\x00abc",
                "date": datetime.datetime(2024, 1, 2, 3, 4, 5),
                "decimal": decimal.Decimal("1.5"),
                "set": {1},
                "object": object(),
                ("tuple", "key"): 1,
            }
        )
        return result.set_status(phantom.APP_SUCCESS)
