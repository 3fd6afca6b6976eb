"""Servers on loopback for these tests: a witness, and one that says whatever it is told to."""

import contextlib
import socket
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

HOST = "127.0.0.1"


@contextlib.contextmanager
def running(server):
    """The address of a server that runs in a thread while the block lasts."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Quiet(ThreadingHTTPServer):
    """A server that keeps its troubles to itself."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_):
        pass


def saying(*answers):
    """A server that writes these bytes, one after the other, whatever it is asked."""
    waiting = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            self.wfile.write(told)
            self.wfile.flush()
            self.close_connection = True

        do_GET = do_POST = answer

        def log_message(self, *_):
            pass

    return running(Quiet((HOST, 0), Handler))


def http(status, body=b"", kind="text/plain", length=None, more=""):
    """An answer as it goes over the wire."""
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n{more}\r\n"
    return head.encode() + body


def files(folder):
    """A server of the files in a folder."""

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(folder))

        def log_message(self, *_):
            pass

    return running(Quiet((HOST, 0), Handler))


class Dripping:
    """A server that sends the beginning of an answer, then a byte whenever it can, for ever."""

    def __init__(self, beginning):
        self.socket = socket.create_server((HOST, 0))
        self.beginning, self.over = beginning, Event()
        self.thread = Thread(target=self.serve, daemon=True)

    def serve(self):
        connection, _ = self.socket.accept()
        with connection:
            connection.sendall(self.beginning)
            while not self.over.wait(0.02):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    def __enter__(self):
        self.thread.start()
        return f"http://{HOST}:{self.socket.getsockname()[1]}"

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        self.socket.close()
