"""docxtpl templates: compiled once per version, rendered in a sandbox, deterministic bytes."""

from .template import CompiledTemplate, TemplateError, compile_template

__all__ = ["CompiledTemplate", "TemplateError", "compile_template"]
