def load_demo(*, size: str, seed: int, password: str) -> None:
    raise SystemExit(size + str(seed) + password)
