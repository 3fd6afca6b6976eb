"""An operation, its verb and its shapes: said together, so that none is forgotten.

``read`` shows an object, ``listed`` a list in parts, ``write`` carries out a deed.  The function
under them finds the object or calls the service; all that belongs to HTTP is done here.
"""

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpResponse
from ninja import Router
from ninja.operation import Operation
from pydantic import BaseModel, create_model

from kaohe.api.answers import part, shown, unconditioned, written
from kaohe.api.callers import Bearer, Caller
from kaohe.api.parsing import PLAIN
from kaohe.api.shapes import Page, Paging
from kaohe.core.access import Verb

View = TypeVar("View", bound=Callable[..., Any])
_REFUSED = ("400", "401", "403", "404", "409", "412", "413", "415", "422", "500")


def read(router: Router, path: str, verb: Verb, shape: type[BaseModel]) -> Callable[[View], View]:
    """GET one object: the function gives the row, or refuses."""

    def made(view: View) -> View:
        def operation(request: Caller, /, **given: Any) -> HttpResponse:
            return shown(request, shape, view(request, **given))

        add(router, "GET", path, verb, view, operation, {200: shape}, headers=(IF_NONE_MATCH,))
        return view

    return made


def listed(
    router: Router, path: str, verb: Verb, shape: type[BaseModel], *, by: Sequence[str]
) -> Callable[[View], View]:
    """GET a list in parts: the function gives the rows; one of its arguments is a ``Paging``.

    Args:
        by: the order, as for ``cursors.part_of``.
    """
    answer = create_model(f"{shape.__name__}Page", __base__=Page, items=(list[shape], ...))  # type: ignore[valid-type]

    def made(view: View) -> View:
        def operation(request: Caller, /, **given: Any) -> HttpResponse:
            page = next(each for each in given.values() if isinstance(each, Paging))
            return part(request, shape, view(request, **given), by, page)

        add(router, "GET", path, verb, view, operation, {200: answer}, headers=(IF_NONE_MATCH,))
        return view

    return made


def write(
    router: Router,
    method: str,
    path: str,
    verb: Verb,
    shape: type[BaseModel] | None,
    *,
    status: int = 200,
    largest: int = PLAIN,
    of_version: bool = True,
) -> Callable[[View], View]:
    """A deed: the function calls the service and gives the row that came of it.

    Args:
        method: "POST" or "PATCH".
        shape: of the answer; None: it holds nothing.
        status: 201 where something new came of it, whose address is then ``path`` and its key.
        largest: how many bytes the body may have.
        of_version: False where it heeds no ``If-Match``, which is then refused.
    """
    of_version = of_version and "{" in path

    def made(view: View) -> View:
        def operation(request: Caller, /, **given: Any) -> HttpResponse:
            if not of_version:
                unconditioned(request)
            return written(request, lambda: view(request, **given), shape, status)

        headers = (KEY, IF_MATCH) if of_version else (KEY,)
        add(
            router,
            method,
            path,
            verb,
            view,
            operation,
            {status: shape},
            headers=headers,
            largest=largest,
        )
        return view

    return made


def add(
    router: Router,
    method: str,
    path: str,
    verb: Verb,
    view: Callable[..., Any],
    operation: Callable[..., HttpResponse],
    response: dict[int, type[BaseModel] | None],
    *,
    headers: Sequence[dict[str, Any]],
    largest: int = PLAIN,
    guard: Bearer | None = None,
    found: dict[str, Any] | None = None,
) -> None:
    """Register an operation under the name, signature and docstring of its function.

    Args:
        guard: where it is not the one of JSON bodies.
        found: the answer 200, where it is no JSON.
    """
    guard = guard or Bearer(verb, largest=largest)
    wrapped: Any = wraps(view)(operation)
    wrapped.__signature__ = inspect.signature(view)

    def note_parameters(made: Operation) -> None:
        for model in made.models:
            if model.__ninja_param_source__ == "query":
                guard.parameters = frozenset(model.__ninja_flatten_map__)

    wrapped._ninja_contribute_to_operation = [note_parameters]
    says = (view.__doc__ or "").strip()
    router.add_api_operation(
        path,
        [method],
        wrapped,
        auth=guard,
        response=response,
        operation_id=view.__name__,
        summary=says.split("\n")[0].rstrip("."),
        description=says,
        openapi_extra={
            "x-verb": str(verb),
            "parameters": list(headers),
            "responses": {
                **{code: {"$ref": "#/components/responses/Problem"} for code in _REFUSED},
                **({"304": {"description": "It is as you have it."}} if method == "GET" else {}),
                **({} if found is None else {"200": found}),
            },
        },
    )


def _header(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {
        "in": "header",
        "name": name,
        "required": False,
        "description": description,
        "schema": {"type": "string", **schema},
    }


IF_NONE_MATCH = _header("If-None-Match", "The ETag that you have; unchanged, the answer is 304.")
IF_MATCH = _header("If-Match", "The ETag that you have seen; changed meanwhile, it is 412.")
KEY = _header(
    "Idempotency-Key",
    "Your own key of this request; sent again within a week, the first answer comes again.",
    minLength=1,
    maxLength=255,
)
