#!/usr/bin/env python3
"""PFS-M1 in SimPy, in the leanest form that SimPy has: one Timeout with one callback for each event.

The model is stated in ../reference/pfs-m1.md; the numbers printed must be those of every other program.
A process for each phone, as SimPy's own guide has it, takes several times as long.

usage: pfsm1_simpy.py PHONES        output: one line of JSON
"""

import json
import resource
import sys
import time

import simpy

MASK = (1 << 64) - 1
SIZES = (540_000, 2_510_000, 575_000, 1_830_000, 2_954_000, 1_000_000)
LISTEN, TICK, HOP = 500_000_000, 250_000_000, 200_000
ROOT_WAIT, REBOOT = 10_000_000_000, 30_000_000_000
ADVERTISEMENTS = 4
WAN = tuple((size // 512 + 1) * 153_129_532 for size in SIZES)
LAN = tuple(1_000_000 + 80 * size for size in SIZES)
VERIFY = tuple(5_000_000 + 10 * size for size in SIZES)
OFF, LISTENING, CLAIMING, FOLLOWING, MEMBER, ROOT = range(6)


def draw(phone, purpose):
    bits = (1 + (4 * phone + purpose + 1) * 0x9E3779B97F4A7C15) & MASK
    bits = ((bits ^ bits >> 30) * 0xBF58476D1CE4E5B9) & MASK
    bits = ((bits ^ bits >> 27) * 0x94D049BB133111EB) & MASK
    return bits ^ bits >> 31


class Model:
    """The phones, as one list for each thing known of them."""

    def __init__(self, count):
        self.env = simpy.Environment()
        self.count = count
        self.strength = [(draw(i, 1) & 0xFFFFFFFF) << 32 | i for i in range(count)]
        self.delay = [50_000 + draw(i, 2) % 100_000 for i in range(count)]
        self.state = [OFF] * count
        self.best = [0] * count
        self.ticks = [0] * count
        self.children = [[] for _ in range(count)]
        self.turn = [0] * count
        self.depth = [0] * count
        self.free_at = [[0, 0] for _ in range(count)]
        self.files = [0] * count
        self.events = self.broadcasts = self.last = self.sum = self.done = 0
        self.root = None

    def after(self, delay, action, *arguments):
        """Schedules an event; SimPy keeps those of one time in the order of their scheduling."""

        def happen(_):
            self.events += 1
            action(*arguments)

        self.env.timeout(delay).callbacks.append(happen)

    def run(self):
        for phone in range(self.count):
            self.after(draw(phone, 0) % 1_000_000_000, self.power, phone)
        self.env.run()

    def power(self, phone):
        self.state[phone] = LISTENING
        self.after(LISTEN, self.listen_end, phone)

    def listen_end(self, phone):
        if self.state[phone] != LISTENING:
            return
        if self.best[phone] > self.strength[phone]:
            self.state[phone] = FOLLOWING
            return
        self.state[phone] = CLAIMING
        self.broadcast(phone, self.advertised)
        self.after(TICK, self.tick, phone)

    def broadcast(self, sender, delivery):
        self.broadcasts += 1
        for phone in range(self.count):
            if phone != sender:
                self.after(self.delay[phone], delivery, phone, sender)

    def advertised(self, phone, sender):
        state = self.state[phone]
        if state not in (LISTENING, CLAIMING):
            return
        self.best[phone] = max(self.best[phone], self.strength[sender])
        if state == CLAIMING and self.best[phone] > self.strength[phone]:
            self.state[phone] = FOLLOWING

    def confirmed(self, phone, sender):
        self.state[phone] = MEMBER
        self.after(HOP, self.join, sender, phone)

    def tick(self, phone):
        if self.state[phone] != CLAIMING:
            return
        self.ticks[phone] += 1
        if self.ticks[phone] <= ADVERTISEMENTS:
            self.broadcast(phone, self.advertised)
            self.after(TICK, self.tick, phone)
            return
        self.state[phone] = ROOT
        self.root = phone
        self.broadcast(phone, self.confirmed)
        self.after(ROOT_WAIT, self.start, phone)

    def join(self, parent, phone):
        children = self.children[parent]
        if len(children) < 2:
            children.append(phone)
            self.depth[phone] = self.depth[parent] + 1
            self.after(HOP, self.accepted)
            return
        child = children[self.turn[parent]]
        self.turn[parent] ^= 1
        self.after(HOP, self.join, child, phone)

    def accepted(self):
        pass

    def start(self, phone):
        self.after(WAN[0], self.wan_done, phone, 0)

    def wan_done(self, phone, file):
        if file + 1 < len(SIZES):
            self.after(WAN[file + 1], self.wan_done, phone, file + 1)
        self.after(VERIFY[file], self.have, phone, file)

    def sent(self, phone, file):
        self.after(VERIFY[file], self.have, phone, file)

    def have(self, phone, file):
        now = self.env.now
        for place, child in enumerate(self.children[phone]):
            end = max(now, self.free_at[phone][place]) + LAN[file]
            self.free_at[phone][place] = end
            self.after(end - now, self.sent, child, file)
        self.files[phone] += 1
        if self.files[phone] == len(SIZES):
            self.after(REBOOT, self.rebooted)

    def rebooted(self):
        self.done += 1
        self.last = max(self.last, self.env.now)
        self.sum = (self.sum + self.env.now) & MASK


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or int(sys.argv[1]) < 1:
        print("usage: pfsm1_simpy.py PHONES", file=sys.stderr)
        return 64
    begin = time.perf_counter()
    model = Model(int(sys.argv[1]))
    model.run()
    result = {
        "name": "pfs-m1", "language": "SimPy", "phones": model.count, "events": model.events,
        "root": model.root, "broadcasts": model.broadcasts, "depth": max(model.depth),
        "last": model.last, "sum": model.sum, "seconds": time.perf_counter() - begin,
        "peakKiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }
    print(json.dumps(result))
    return 0 if model.done == model.count else 1


if __name__ == "__main__":
    sys.exit(main())
