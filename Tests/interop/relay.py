"""A relay between TFTP clients and a server: it loses, doubles, reorders and delays datagrams.

A server answers from a port of its own for each transfer. The relay keeps that true: each port of the
server becomes one of the relay, so that clients see what they would see without it.
"""

import ctypes
import heapq
import os
import random
import selectors
import socket
import struct
import threading
import time

# Linux has it, Python does not name it (asm-generic/socket.h): the kernel says when a datagram came.
SO_TIMESTAMPNS = 35
ANCILLARY_BYTES = socket.CMSG_SPACE(16)
# prctl(2): how late the kernel may wake this thread, 50 µs if not said.
PR_SET_TIMERSLACK = 29


class Relay:
    """Relays from a port of its own at 127.0.0.1 to `server` until it is closed.

    `loss`, `double` and `reorder` are probabilities; a reordered datagram waits up to 8 ms longer.
    `delay` is one way, in seconds, from when the kernel got a datagram, so that what the relay needs to
    read a window of them is part of it. `double_acks` doubles every acknowledgement. The same seed makes
    the same choices for the same traffic.
    """

    def __init__(self, server, seed=1, loss=0.0, double=0.0, reorder=0.0, delay=0.0, double_acks=False):
        self.server = server
        self.random = random.Random(seed)
        self.loss, self.double, self.reorder = loss, double, reorder
        self.delay, self.double_acks = delay, double_acks
        self.count = {"relayed": 0, "lost": 0, "doubled": 0, "reordered": 0, "data": 0}
        # epoll would round every wait up to whole milliseconds.
        self.selector = selectors.SelectSelector() if delay else selectors.DefaultSelector()
        self.waiting, self.order = [], 0
        self.upstream, self.downstream = {}, {}
        self.front = self._socket(("front",))
        self.port = self.front.getsockname()[1]
        self.wake_read, self.wake_write = socket.socketpair()
        self.selector.register(self.wake_read, selectors.EVENT_READ, ("wake",))
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.wake_write.send(b"x")
        self.thread.join()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.wake_write.close()

    def _socket(self, what):
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        if self.delay:
            made.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        made.bind(("127.0.0.1", 0))
        made.setblocking(False)
        self.selector.register(made, selectors.EVENT_READ, what)
        return made

    def _run(self):
        if self.delay:
            self._hurry()
        while True:
            pause = max(0, self.waiting[0][0] - time.time()) if self.waiting else None
            for key, _ in self.selector.select(pause):
                if key.data[0] == "wake":
                    return
                for _ in range(64):
                    try:
                        data, came, source = self._receive(key.fileobj)
                    except (BlockingIOError, ConnectionRefusedError):
                        break
                    self._take(key.data, data, came, source)
            now = time.time()
            while self.waiting and self.waiting[0][0] <= now:
                _, _, sender, data, target = heapq.heappop(self.waiting)
                try:
                    sender.sendto(data, target)
                except OSError:
                    pass  # Nobody listens any more; the network loses it.

    @staticmethod
    def _hurry():
        """A network waits for no core: this thread goes before others, and wakes on time."""
        ctypes.CDLL(None).prctl(PR_SET_TIMERSLACK, 1)
        try:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        except PermissionError:
            pass  # Then it is as fast as the machine lets it be.

    def _receive(self, from_socket):
        if not self.delay:
            data, source = from_socket.recvfrom(70_000)
            return data, time.time(), source
        data, ancillary, _, source = from_socket.recvmsg(70_000, ANCILLARY_BYTES)
        seconds, nanoseconds = struct.unpack("qq", ancillary[0][2])
        return data, seconds + nanoseconds / 1e9, source

    def _take(self, what, data, came, source):
        if what[0] == "front":
            self._pass(self._up(source), data, came, self.server)
        elif what[0] == "up":
            # From the server: its port there becomes one here.
            client = what[1]
            if (client, source) not in self.downstream:
                self.downstream[client, source] = self._socket(("down", client, source))
            self._pass(self.downstream[client, source], data, came, client)
        else:
            self._pass(self._up(source), data, came, what[2])

    def _up(self, client):
        if client not in self.upstream:
            self.upstream[client] = self._socket(("up", client))
        return self.upstream[client]

    def _pass(self, sender, data, came, target):
        self.count["relayed"] += 1
        self.count["data"] += data[:2] == b"\0\3"
        if self.random.random() < self.loss:
            self.count["lost"] += 1
            return
        copies = 1
        if self.random.random() < self.double or (self.double_acks and data[:2] == b"\0\4"):
            self.count["doubled"] += 1
            copies = 2
        for _ in range(copies):
            due = came + self.delay
            if self.random.random() < self.reorder:
                self.count["reordered"] += 1
                due += self.random.random() * 0.008
            self.order += 1
            heapq.heappush(self.waiting, (due, self.order, sender, data, target))
