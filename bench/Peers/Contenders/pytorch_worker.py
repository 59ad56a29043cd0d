"""PyTorch as a contender: speaks over its standard input and output as WorkerLoop.cs does."""

import array
import ctypes
import json
import os
import sys
import time

import torch

CHECKED_STEPS = 5


def openblas_core():
    """The kernels that OpenBLAS chose, if it is what this PyTorch runs on."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        for path in {line.split()[-1] for line in maps if "blas" in line}:
            try:
                name = ctypes.CDLL(path).openblas_get_corename
            except (OSError, AttributeError):
                continue
            name.restype = ctypes.c_char_p
            return "OpenBLAS " + name().decode()
    return "no OpenBLAS"


def read_tensor(stream, kind, *shape):
    count = 1
    for extent in shape:
        count *= extent
    numbers = array.array(kind)
    numbers.frombytes(stream.read(count * numbers.itemsize))
    tensor = torch.tensor(numbers, dtype=torch.float32 if kind == "f" else torch.int64)
    return tensor.reshape(shape)


class Run:
    """A workload: its network, its batches and its place in them."""

    def __init__(self, stream):
        header = json.loads(stream.readline())
        units = header["shape"]["units"]
        batch, samples = header["batchSize"], header["samples"]
        torch.set_num_threads(header["threads"])
        layers = []
        for layer, (inputs, outputs) in enumerate(zip(units, units[1:])):
            linear = torch.nn.Linear(inputs, outputs)
            with torch.no_grad():
                linear.weight.copy_(read_tensor(stream, "f", outputs, inputs))
                linear.bias.copy_(read_tensor(stream, "f", outputs))
            layers += [linear] if layer == len(units) - 2 else [linear, torch.nn.ReLU()]
        self.network = torch.nn.Sequential(*layers)
        x = read_tensor(stream, "f", samples, units[0])
        if header["shape"]["objective"] == "CrossEntropy":
            self.loss = torch.nn.functional.cross_entropy
            y = read_tensor(stream, "i", samples)
        else:
            self.loss = torch.nn.functional.mse_loss
            y = read_tensor(stream, "f", samples, units[-1])
        self.batches = list(zip(x.split(batch), y.split(batch)))[: samples // batch]
        self.next = 0
        self.work = header["work"]
        if self.work == "SgdStep":
            self.optimizer = torch.optim.SGD(self.network.parameters(), lr=header["learningRate"])
        elif self.work == "AdamStep":
            self.optimizer = torch.optim.Adam(self.network.parameters(), lr=header["learningRate"])

    def next_batch(self):
        batch = self.batches[self.next]
        self.next = (self.next + 1) % len(self.batches)
        return batch

    def step(self):
        x, y = self.next_batch()
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss(self.network(x), y)
        loss.backward()
        self.optimizer.step()
        return loss

    def passes(self, count):
        if self.work == "Forward":
            with torch.inference_mode():
                for _ in range(count):
                    self.network(self.next_batch()[0])
        else:
            for _ in range(count):
                self.step()

    def check(self):
        if self.work == "Forward":
            with torch.inference_mode():
                return self.network(self.batches[0][0]).flatten().tolist()
        return [self.step().item() for _ in range(CHECKED_STEPS)]

    def time(self, samples, passes):
        self.passes(1)
        times = []
        for _ in range(samples):
            start = time.perf_counter()
            self.passes(passes)
            times.append((time.perf_counter() - start) * 1e3 / passes)
        return times


def main():
    stream, output = sys.stdin.buffer, sys.stdout

    def answer(word, rest):
        print(word, rest, file=output, flush=True)

    answer("ready", f"{torch.__version__}, {openblas_core()}, {os.environ.get('OMP_NUM_THREADS', '?')} thread")
    run = None
    for line in iter(stream.readline, b""):
        words = line.decode().split()
        try:
            if words[0] == "start":
                run = None
                run = Run(stream)
                answer("values", " ".join(repr(value) for value in run.check()))
            else:
                answer("times", " ".join(repr(value) for value in run.time(int(words[1]), int(words[2]))))
        except Exception as problem:  # the other side decides what becomes of it
            answer("error", " ".join(str(problem).split()))


if __name__ == "__main__":
    main()
