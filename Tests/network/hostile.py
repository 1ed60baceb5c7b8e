#!/usr/bin/env python3
"""usage: hostile.py ADDRESS BROADCAST PORT SECONDS MODE...   a peer that means no good, on a network of the tests

Speaks pfsh's own format from ADDRESS, or breaks it. Modes, one or more at a time:

claims      the strongest claim for every file, four times a second, and nobody who answers behind it
confirmed   a confirmed root's advertisements; whoever asks it for a place waits in vain
offers      offers without end; who joins gets a place and a file of the right size with wrong bytes
stalled     the same, but the file stops in the middle and the link says nothing more
halfopen    links that say half a message, or nothing, as many as there is room for
oversized   frames whose lengths and fields cannot be, names of all kinds, pieces nobody asked for
failed      a root's word that the file cannot be had, with codes that are none

Files are given in the environment as FILES=name:size,...; the model as MODEL.
"""

import os
import random
import select
import socket
import struct
import sys
import threading
import time

MAGIC = b"\x89pfsh\r\n\x1a\x01"
CLAIM, CONFIRMED, OFFER, FAILED = 1, 2, 3, 4
JOIN, ACCEPT, REFUSE, HOLD, FILE, PIECE = 16, 17, 18, 19, 24, 25
STRONGEST = 0x7FFF_FFFF


def frame(kind, model, file, fields=b""):
    names = bytes([len(model)]) + model.encode() + bytes([len(file)]) + file.encode()
    return MAGIC + bytes([kind]) + struct.pack(">H", 12 + len(names) + len(fields)) + names + fields


class Hostile:
    def __init__(self, address, broadcast, port, seconds):
        self.address, self.broadcast, self.port = address, broadcast, port
        self.end = time.monotonic() + seconds
        self.model = os.environ["MODEL"]
        self.files = {name: int(size) for name, size in
                      (entry.split(":") for entry in os.environ["FILES"].split(","))}
        self.random = random.Random(1)
        self.sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self.sender.bind((address, 0))

    def goes_on(self):
        return time.monotonic() < self.end

    def shout(self, data):
        try:
            self.sender.sendto(data, (self.broadcast, self.port))
        except OSError:
            time.sleep(0.01)

    def every(self, seconds, make):
        while self.goes_on():
            for name in self.files:
                self.shout(make(name))
            time.sleep(seconds)

    # What is said to all.

    def claims(self):
        self.every(0.25, lambda name: frame(
            CLAIM, self.model, name, struct.pack(">IIB", 0x0BAD_0BAD, STRONGEST, 0)))

    def confirmed(self):
        self.listen(self.keep_waiting)
        self.every(0.25, lambda name: frame(
            CONFIRMED, self.model, name, struct.pack(">IIB", 0x0BAD_0BAD, 0xFFFF_FFFF, 1)))

    def offers(self):
        self.listen(self.lie)
        self.every(0.05, lambda name: frame(OFFER, self.model, name, struct.pack(">I", 0x0BAD_0BAD)))

    def stalled(self):
        self.listen(self.stall)
        self.every(0.25, lambda name: frame(OFFER, self.model, name, struct.pack(">I", 0x0BAD_0BAD)))

    def failed(self):
        self.every(0.1, lambda name: frame(FAILED, self.model, name, bytes([self.random.choice((0, 5, 200))])))

    # What is said to those who come.

    def listen(self, answer):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self.address, self.port))
        listener.listen(256)

        def serve():
            while self.goes_on():
                if select.select([listener], [], [], 0.2)[0]:
                    link = listener.accept()[0]
                    threading.Thread(target=self.guard, args=(answer, link), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()

    @staticmethod
    def guard(answer, link):
        try:
            answer(link)
        except OSError:
            pass
        finally:
            link.close()

    def keep_waiting(self, link):
        while self.goes_on() and link.recv(4_096):
            pass

    def asked_for(self, link):
        """The file that a Join names; empty when it is none."""
        data = link.recv(4_096)
        if len(data) < 16 or data[9] != JOIN:
            return ""
        model = data[12]
        length = data[13 + model]
        return data[14 + model:14 + model + length].decode()

    def take_in(self, link):
        name = self.asked_for(link)
        place = struct.pack(">I4sB", 0x0BAD_0BAD, socket.inet_aton(self.address), 0)
        link.sendall(frame(ACCEPT, self.model, name, place))
        link.sendall(frame(FILE, self.model, name, struct.pack(">Q", self.files.get(name, 1))))
        return name

    def pieces(self, link, size):
        while size > 0:
            count = min(size, 262_144)
            head = MAGIC + bytes([PIECE]) + struct.pack(">HI", 16, count)
            link.sendall(head + b"\xA5" * count)
            size -= count

    def lie(self, link):
        self.pieces(link, self.files.get(self.take_in(link), 1))
        self.keep_waiting(link)

    def stall(self, link):
        self.pieces(link, self.files.get(self.take_in(link), 1) // 2)
        self.keep_waiting(link)

    # What is said to phones' own ports.

    def phones(self):
        base = self.address.rsplit(".", 1)[0]
        return [f"{base}.{host}" for host in range(11, 15)]

    def connect(self, phone):
        link = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        link.settimeout(1)
        link.bind((self.address, 0))
        link.connect((phone, self.port))
        return link

    def halfopen(self):
        links = []
        while self.goes_on():
            for phone in self.phones():
                try:
                    link = self.connect(phone)
                    link.sendall(self.random.choice((b"", MAGIC[:5], frame(JOIN, self.model, "x")[:20])))
                    links.append(link)
                except OSError:
                    pass
            links = links[-2_000:]
            time.sleep(0.01)

    def oversized(self):
        name = next(iter(self.files))
        long = "n" * 255
        bad = [
            MAGIC + bytes([JOIN]) + struct.pack(">H", 65_535) + b"A" * 70_000,
            MAGIC + bytes([PIECE]) + struct.pack(">HI", 16, 0x7FFF_FFFF) + b"B" * 100_000,
            MAGIC + bytes([PIECE]) + struct.pack(">HI", 16, 262_145),
            frame(FILE, self.model, name, struct.pack(">Q", 2**63)),
            frame(FILE, self.model, name, struct.pack(">Q", self.files[name])),
            frame(JOIN, self.model, long, struct.pack(">I", 1)),
            frame(JOIN, self.model, "../../etc/passwd", struct.pack(">I", 1)),
            frame(JOIN, self.model, "a\nb", struct.pack(">I", 1)),
            frame(JOIN, "M" * 33, name, struct.pack(">I", 1)),
            frame(ACCEPT, self.model, name, struct.pack(">I4sB", 1, b"\xff" * 4, 255)),
            frame(HOLD, self.model, name, struct.pack(">I4sB", 1, b"\0" * 4, 65)),
            frame(REFUSE, self.model, name, b"\xff" * 4) * 500,
            MAGIC[:-1] + b"\x02" + bytes(300),
            b"GET / HTTP/1.1\r\n\r\n" * 4_000,
        ]
        while self.goes_on():
            for data in bad:
                self.shout(data[:1_400])
                self.shout(data[:self.random.randrange(1, 400)])
                try:
                    link = self.connect(self.random.choice(self.phones()))
                    link.sendall(data)
                    link.close()
                except OSError:
                    pass
            time.sleep(0.01)


def main():
    if len(sys.argv) < 6:
        sys.exit(__doc__)
    address, broadcast, port, seconds, *modes = sys.argv[1:]
    hostile = Hostile(address, broadcast, int(port), float(seconds))
    threads = [threading.Thread(target=getattr(hostile, mode), daemon=True) for mode in modes]
    for thread in threads:
        thread.start()
    print("begun", flush=True)
    for thread in threads:
        thread.join(max(0, hostile.end - time.monotonic()) + 5)


if __name__ == "__main__":
    main()
