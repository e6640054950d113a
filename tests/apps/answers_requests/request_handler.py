"""Answers requests in every way that published apps do, and in some that none should."""

import json
import os
import sys

import encryption_helper
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseNotFound,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from phantom.base_connector import APPS_STATE_PATH, BaseConnector

import connector as sibling


AT_IMPORT = dict(os.environ)


def handle_request(request, path_parts):
    asset = path_parts.pop(0)
    return globals()[f"_{path_parts[0]}"](request, path_parts, asset)


def _members(request, path_parts, asset):
    return JsonResponse(
        {
            "asset": asset,
            "parts": path_parts,
            "method": request.method,
            "path": request.path,
            "full": request.get_full_path(),
            "GET": json.loads(json.dumps(request.GET)),
            "is_dict": isinstance(request.GET, dict),
            "POST": request.POST.get("payload"),
            "authorization": request.META.get("HTTP_AUTHORIZATION"),
            "token": request.META.get("HTTP_PH_AUTH_TOKEN"),
            "header": request.headers.get("X-Extra"),
            "cookie": request.COOKIES.get("session"),
            "files": {name: file.read().decode() for name, file in request.FILES.items()},
            "remote": request.META["REMOTE_ADDR"],
        }
    )


def _body(request, path_parts, asset):
    return HttpResponse(request.body, content_type="application/octet-stream")


def _platform(request, path_parts, asset):
    secret = encryption_helper.encrypt("tök{en}", "7")
    return JsonResponse(
        {
            "decrypted": encryption_helper.decrypt(secret, "7"),
            "base_url": BaseConnector._get_phantom_base_url(),
            "home": BaseConnector._get_phantom_home(),
            "states": APPS_STATE_PATH,
            "state": sibling.Connector().load_state(),
            "folder": os.getcwd(),
            "python": sys.executable,
        }
    )


def _variables(request, path_parts, asset):
    print("variables", *(os.environ.get(name, "-") for name in path_parts[1:]))
    return JsonResponse({name: [os.environ.get(name), AT_IMPORT.get(name)] for name in path_parts[1:]})


def _redirect(request, path_parts, asset):
    response = HttpResponse(status=302)
    response["Location"] = "https://contoso.example/authorize?a=b&c=d"
    return response


def _redirected(request, path_parts, asset):
    return HttpResponseRedirect(redirect_to="https://contoso.example/")


def _bad(request, path_parts, asset):
    return HttpResponseBadRequest("bad")


def _missing(request, path_parts, asset):
    return HttpResponseNotFound("missing")


def _absent(request, path_parts, asset):
    raise Http404("there is no such thing")


def _cookie(request, path_parts, asset):
    response = HttpResponse("set", content_type="text/plain", status=202)
    response.set_cookie("a", "b")
    return response


def _stream(request, path_parts, asset):
    return StreamingHttpResponse(iter(["one ", b"two ", "three"]), content_type="text/plain")


def _tuple(request, path_parts, asset):
    return False, "no response"


def _raise(request, path_parts, asset):
    raise ValueError(f"the password is {request.GET.get('password')}")


def _exit(request, path_parts, asset):
    sys.exit(3)


def _die(request, path_parts, asset):
    os._exit(9)


def _hang(request, path_parts, asset):
    import time

    time.sleep(600)


def _split(request, path_parts, asset):
    # Django refuses this, other libraries' responses do not.
    response = HttpResponse("split")
    response["X-Whole"] = "ok"
    response.headers._store["x-split"] = ("X-Split", "a\r\nX-Forged: b")
    return response
