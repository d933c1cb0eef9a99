"""relay.py PORT HOST TO_PORT: pass connections on, each piece at once.

busybox nc, which the tests' relays are, reads 1 KB at a time and waits 40 ms with the rest of a larger question:
on a stack of real containers there is nobody between who does.
"""
import socket
import sys
import threading


def pump(source, sink):
    try:
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # one end is gone, and the other notices


def main():
    port, host, to_port = sys.argv[1:]
    server = socket.create_server(("", int(port)))
    while True:
        ends = server.accept()[0], socket.create_connection((host, int(to_port)))
        for end in ends:
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for source, sink in (ends, ends[::-1]):
            threading.Thread(target=pump, args=(source, sink), daemon=True).start()


main()
