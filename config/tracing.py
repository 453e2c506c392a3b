"""A span for each request, if traces are wanted."""

from collections.abc import Callable

from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from workers import traces


def traced(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that names the span by the route.

    :raises MiddlewareNotUsed: if traces are off.
    """
    spans = traces.current()
    if spans is None:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponse:
        with spans.request() as span:
            response = get_response(request)
            route = request.resolver_match.view_name if request.resolver_match else "early"
            span.update_name(f"{request.method} {route}")
            span.set_attributes(
                {
                    "http.request.method": request.method or "",
                    "http.route": route,
                    "http.response.status_code": response.status_code,
                }
            )
            return response

    return middleware
