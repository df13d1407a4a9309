#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run llama.cpp's own HTTP server, as packaged by the PyPI wheel `xllamacpp`.

    real_server.py MODEL.gguf [--port 0] [--port-file F] [--ctx 2048] [--parallel 1]
                   [--api-key K] [--embedding] [--alias NAME]

Binds 127.0.0.1 only. The port appears in F once the model is loaded; SIGTERM ends it.
"""
import argparse
import os
import signal
import threading

import xllamacpp as xlc


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("model")
    ap.add_argument("--port", type=int, default=0)
    ap.add_argument("--port-file")
    ap.add_argument("--ctx", type=int, default=2048, help="context of one slot")
    ap.add_argument("--parallel", type=int, default=1)
    ap.add_argument("--api-key")
    ap.add_argument("--alias", default="tiny")
    ap.add_argument("--embedding", action="store_true", help="an embedding server (no chat)")
    ap.add_argument("--context-shift", action="store_true")
    ap.add_argument("--predict", type=int, default=-1, help="default limit of new tokens")
    a = ap.parse_args()

    p = xlc.CommonParams()
    p.model.path = a.model
    p.model_alias = {a.alias}
    p.hostnames = ["127.0.0.1"]
    p.port = a.port
    p.n_ctx = a.ctx * a.parallel
    p.n_parallel = a.parallel
    p.n_predict = a.predict
    p.kv_unified = False                # each slot has its own --ctx tokens
    p.ctx_shift = a.context_shift
    p.cpuparams.n_threads = 1
    p.cpuparams_batch.n_threads = 1
    p.endpoint_slots = True
    p.endpoint_metrics = True
    p.use_jinja = True
    p.warmup = False
    if a.api_key:
        p.api_keys = [a.api_key]
    if a.embedding:
        p.embedding = True
        p.pooling_type = xlc.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
        p.n_batch = p.n_ubatch = a.ctx

    stop = threading.Event()
    for s in (signal.SIGTERM, signal.SIGINT):
        signal.signal(s, lambda *_: stop.set())
    server = xlc.Server(p)
    address = server.listening_address
    if a.port_file:
        with open(a.port_file + ".tmp", "w") as f:
            f.write(address.rsplit(":", 1)[1] + "\n")
        os.replace(a.port_file + ".tmp", a.port_file)
    print("llama.cpp server:", address, flush=True)
    stop.wait()
    del server


if __name__ == "__main__":
    main()
