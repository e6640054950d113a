"""The page where people, and the command-line blocks of apps, sign in.

Whoever knows the address of a run's platform is let in: the address itself is the credential. So the form takes any
user, and gives the cookies that clients look for.
"""

from __future__ import annotations

import re
import secrets

from django.http import HttpResponse

from soarkit.rest.call import Call, answer
from soarkit.rest.failures import not_allowed

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>soarkit</title></head><body><form method="post" action="login">
<input type="hidden" name="csrfmiddlewaretoken" value="{token}">
<input name="username"><input name="password" type="password"><button>Log in</button>
</form></body></html>
"""


def page(call: Call) -> HttpResponse:
    """The form, or what it was sent for."""
    if call.method in ("GET", "HEAD"):
        token = _token(call)
        response = HttpResponse(_PAGE.format(token=token))
    elif call.method == "POST":
        token = _token(call)
        if call.request.headers.get("X-Requested-With") == "XMLHttpRequest":
            response = answer({"authenticated": True})
        else:
            response = HttpResponse("<!DOCTYPE html><title>soarkit</title>")
        response.set_cookie("sessionid", secrets.token_hex(16), secure=True, httponly=True, samesite="Lax")
    else:
        raise not_allowed(call.method)
    response.set_cookie("csrftoken", token, secure=True, samesite="Lax")
    return response


def _token(call: Call) -> str:
    """The token that the client has already, else a new one."""
    given = call.request.COOKIES.get("csrftoken", "")
    return given if re.fullmatch(r"[0-9A-Za-z]{16,64}", given) else secrets.token_hex(16)
