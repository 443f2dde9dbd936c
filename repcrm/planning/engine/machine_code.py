"""Machine code in a process that has no compiler: taken from a file, put in place, called.

LLVM links it (llvmlite); numba is not needed, nor the 80 MB that it takes. Functions are called as numba's own are: a
place for what they return, a place for errors, then every argument taken to pieces, an array being seven and more.
"""

import ctypes
import hashlib
import io
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import llvmlite.binding as llvm
import numpy as np

LLVM_TYPE = {
    ctypes.c_void_p: "ptr",
    ctypes.c_ssize_t: f"i{8 * ctypes.sizeof(ctypes.c_ssize_t)}",
    ctypes.c_double: "double",
}
NOT_PLAIN = "an array that is not plain"
"""It has gaps, or cannot be written to."""
_DIGEST = hashlib.sha256().digest_size


class Code(NamedTuple):
    """One function.

    body  an object file in which it has its own name
    form  of its arguments: what it was compiled for
    """

    body: bytes
    form: tuple[str, ...]


def target() -> str:
    """What the processor here is and can."""
    return f"{llvm.get_process_triple()} {llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"


def target_machine() -> Any:
    """The processor here, for LLVM."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        codemodel="jitdefault",
        jit=True,
    )


def packed(code: Mapping[str, Code]) -> bytes:
    """The content of a file for this code."""
    file = io.BytesIO()
    arrays: dict[str, Any] = {}
    for name, (body, form) in code.items():
        arrays[name], arrays[f"{name} form"] = np.frombuffer(body, np.uint8), np.array(form)
    np.savez(file, **arrays)
    return hashlib.sha256(file.getvalue()).digest() + file.getvalue()


def unpacked(data: bytes) -> dict[str, Code] | None:
    """The code in a file; None where the file is broken."""
    if hashlib.sha256(data[_DIGEST:]).digest() != data[:_DIGEST]:
        return None
    with np.load(io.BytesIO(data[_DIGEST:])) as file:
        names = [name for name in file.files if f"{name} form" in file.files]
        return {name: Code(file[name].tobytes(), tuple(file[f"{name} form"].tolist())) for name in names}


class MachineCode:
    """Functions in the memory of this process."""

    def __init__(self, code: Mapping[str, Code]) -> None:
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target_machine())  # it holds the code
        for one in code.values():
            self._engine.add_object_file(llvm.object_file.ObjectFileRef.from_data(one.body))
        self._engine.finalize_object()
        self._form = {name: one.form for name, one in code.items()}
        kind = ctypes.CFUNCTYPE(ctypes.c_int)
        self._function = {name: kind(self._engine.get_function_address(name)) for name in code}

    def run(self, name: str, args: tuple[Any, ...]) -> None:
        """Call a function; what it says is in the arrays that it was given.

        raises  TypeError where the arguments are not of the form it was compiled for, which would write anywhere;
                RuntimeError where the function itself raises: what, is numba's secret
        """
        form = form_of(args)
        if form != self._form[name]:
            raise TypeError(f"{name} is called with {form}, and is compiled for {self._form[name]}")
        nothing, error = ctypes.c_void_p(), ctypes.c_void_p()
        if status := self._function[name](ctypes.byref(nothing), ctypes.byref(error), *pieces(args)):
            raise RuntimeError(f"{name} ended with status {status}")


def form_of(args: tuple[Any, ...]) -> tuple[str, ...]:
    """What kinds of numbers and arrays there are among arguments, tuples being taken to pieces."""
    return tuple(_form(leaf) for leaf in _leaves(args))


def _leaves(args: tuple[Any, ...]) -> Iterator[Any]:
    for arg in args:
        if isinstance(arg, tuple):
            yield from _leaves(arg)
        else:
            yield arg


def _form(leaf: Any) -> str:
    if isinstance(leaf, np.ndarray):
        flags = leaf.flags
        return _form_of_array(leaf.dtype, leaf.ndim, flags.c_contiguous and flags.writeable)
    return type(leaf).__name__


@cache
def _form_of_array(dtype: np.dtype[Any], dimensions: int, is_plain: bool) -> str:
    return f"{dtype} {dimensions}" if is_plain else NOT_PLAIN


def pieces(args: tuple[Any, ...]) -> Iterator[ctypes.c_void_p | ctypes.c_ssize_t | ctypes.c_double]:
    """Arguments as numba passes them: of arrays who holds them (nobody), size, address, shape and strides."""
    for leaf in _leaves(args):
        if isinstance(leaf, np.ndarray):
            yield from (ctypes.c_void_p(), ctypes.c_void_p())
            yield from (ctypes.c_ssize_t(leaf.size), ctypes.c_ssize_t(leaf.itemsize))
            yield ctypes.c_void_p(leaf.ctypes.data)
            yield from map(ctypes.c_ssize_t, (*leaf.shape, *leaf.strides))
        elif isinstance(leaf, int):
            yield ctypes.c_ssize_t(leaf)
        else:
            yield ctypes.c_double(leaf)
