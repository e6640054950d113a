"""Uses parts of Django in an action; hands another one over to a web hook."""

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        if self.get_action_identifier() == "ask_somebody":
            return self._ask(result)
        return self._use_django(result)

    def _ask(self, result):
        token = self.suspend_run("question-1")
        self.save_progress(f"Asked, {'and waiting' if token else 'for nothing'}")
        return result.set_status(phantom.APP_SUCCESS, "Asked")

    def _use_django(self, result):
        import time

        before = time.localtime().tm_gmtoff
        from django.core.exceptions import ValidationError
        from django.core.validators import URLValidator
        from django.http import HttpResponse
        from django.utils import timezone
        from django.utils.dateparse import parse_datetime

        try:
            URLValidator()("no address")
            refused = ""
        except ValidationError as error:
            refused = str(error)
        URLValidator(schemes=["https"])("https://contoso.example/path")
        result.add_data(
            {
                "status": HttpResponse("text", status=201).status_code,
                "refused": refused,
                "parsed": parse_datetime("2024-01-05T13:02:00Z").isoformat(),
                "local": timezone.localtime().tzinfo is not None,
                "same_zone": before == time.localtime().tm_gmtoff,
            }
        )
        return result.set_status(phantom.APP_SUCCESS)
