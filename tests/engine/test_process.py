import cv2
import numpy as np
from threadpoolctl import threadpool_info

from facewright.engine.process import one_thread


def blas_threads() -> dict[str, int]:
    np.ones((2, 2)) @ np.ones((2, 2))
    return {
        library["filepath"]: library["num_threads"]
        for library in threadpool_info()
        if library["user_api"] == "blas"
    }


def test_threads_are_as_before_afterwards():
    before = cv2.getNumThreads(), blas_threads()
    with one_thread():
        assert cv2.getNumThreads() == 1
        assert set(blas_threads().values()) == {1}
    assert (cv2.getNumThreads(), blas_threads()) == before
