"""`/healthz`: the process lives. `/readyz`: database, broker and followers are well."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from workers import doctor


def healthz(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


def readyz(_request: HttpRequest) -> HttpResponse:
    """503 if something that answers depend on is not well."""
    findings = [doctor.database(), doctor.broker(), doctor.followers()]
    return JsonResponse(
        {one.what: "ok" if one.well else "not ok" for one in findings},
        status=200 if all(one.well for one in findings) else 503,
    )
