"""`/healthz`: the process runs. `/readyz`: database, code, broker and followers are ok."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from workers import doctor


def healthz(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


def readyz(_request: HttpRequest) -> HttpResponse:
    """503 if the database, the broker or a follower is not ok, or the code is too old."""
    findings = [doctor.database(), doctor.code(), doctor.broker(), doctor.followers()]
    return JsonResponse(
        {finding.check: "ok" if finding.ok else "not ok" for finding in findings},
        status=200 if all(finding.ok for finding in findings) else 503,
    )
