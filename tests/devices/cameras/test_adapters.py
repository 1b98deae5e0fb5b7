"""Streams opened for real on loopback: what comes, and what a bad peer can't do."""

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from devices.adapters.mjpeg import adapter as mjpeg
from devices.adapters.rtsp import adapter as rtsp
from devices.adapters.rtsp import relay
from devices.adapters.video import Lost, Picture, Refused, Stream, Terms
from devices.adapters.video_file import adapter as video_file
from devices.cameras.addresses import read_networks
from tests.devices.cameras.mjpeg_peer import camera, jpeg, part
from tests.devices.cameras.scripted_rtsp import rtsp_camera

LOOPBACK = Terms(read_networks(["127.0.0.0/8"]))
PEER = Path(__file__).parent / "rtsp_peer.py"
SYSTEM_PYTHON = "/usr/bin/python3"


def pictures(number: int = 3) -> Iterator[bytes]:
    for n in range(number):
        body = jpeg(grey=60 + 20 * n)
        yield part(body, length=len(body), X_Timestamp=f"{100 + n / 5:.3f}")
    yield part(b"")  # the boundary that ends the last one


def test_it_reads_motion_jpeg_with_the_cameras_own_times() -> None:
    with camera(pictures) as port, closing(_open(port)) as stream:
        times = [stream.grab() for _ in range(3)]
        assert times == [100.0, 100.2, 100.4]
        assert stream.retrieve().shape == (48, 64, 3)


def test_it_skips_pictures_without_decoding_them() -> None:
    def broken_in_the_middle() -> Iterator[bytes]:
        good = jpeg()
        yield part(b"\xff\xd8 no picture at all", length=21) + part(good, length=len(good))
        yield part(b"")

    with camera(broken_in_the_middle) as port, closing(_open(port)) as stream:
        stream.grab()
        stream.grab()
        assert stream.retrieve().shape == (48, 64, 3)


@pytest.mark.parametrize("told", [3, 200_000, None])
def test_it_does_not_believe_a_length_that_lies(told: int | None) -> None:
    def lying() -> Iterator[bytes]:
        for _ in range(3):
            yield part(jpeg(), length=told)
        yield part(b"") * 4000

    with camera(lying) as port, closing(_open(port)) as stream:
        stream.grab()
        assert stream.retrieve().shape == (48, 64, 3)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"\xff\xd8" + b"\x00" * 40, "broken JPEG"),
        (b"<html>log in first</html>", "no JPEG"),
        (jpeg()[:60], "broken JPEG"),
    ],
)
def test_it_loses_a_stream_that_sends_garbage(body: bytes, says: str) -> None:
    sent = [part(body, length=len(body)), part(b"")]
    with camera(lambda: iter(sent)) as port, pytest.raises(Lost, match=says):
        _first_picture(port)


def test_it_never_decodes_a_picture_whose_size_cannot_be_meant() -> None:
    bomb = bytearray(jpeg())
    at = bomb.index(b"\xff\xc0")
    bomb[at + 5 : at + 9] = b"\xff\xff\xff\xff"

    sent = [part(bytes(bomb), length=len(bomb)), part(b"")]
    with camera(lambda: iter(sent)) as port, pytest.raises(Lost, match="cannot be meant"):
        _first_picture(port)


def test_it_loses_what_is_no_stream_of_pictures() -> None:
    page = camera(lambda: iter([b"hello"]), content_type="text/html")
    with page as port, pytest.raises(Lost, match="stream of pictures"):
        _open(port)


def test_it_loses_a_stream_that_stalls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mjpeg, "READ_WITHIN_S", 0.2)
    stalled = threading.Event()

    def stalls() -> Iterator[bytes]:
        yield part(jpeg())[:200]
        stalled.wait(5)

    with camera(stalls) as port:
        with pytest.raises(Lost):
            _first_picture(port)
        stalled.set()


def test_it_loses_a_stream_that_trickles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mjpeg, "PICTURE_WITHIN_S", 0.2)
    ended = threading.Event()

    def trickles() -> Iterator[bytes]:
        yield part(b"")
        while not ended.wait(0.05):
            yield b"."

    with camera(trickles) as port:
        with pytest.raises(Lost, match="some time"):
            _first_picture(port)
        ended.set()


def test_it_gives_credentials_to_the_camera_that_asks_and_is_refused_with_wrong_ones() -> None:
    with camera(pictures, authorization="Basic ZXllOnMzY3JldA==") as port:
        with closing(mjpeg.open_stream(f"http://eye:s3cret@127.0.0.1:{port}/", LOOPBACK)) as stream:
            stream.grab()
        with pytest.raises(Refused, match="401") as refused:
            mjpeg.open_stream(f"http://eye:guessed@127.0.0.1:{port}/", LOOPBACK)
    assert "guessed" not in str(refused.value)


def test_it_follows_no_redirect() -> None:
    """An allowed camera must not lead into a network that is not allowed."""
    leading_away = camera(pictures, redirect="http://169.254.169.254/latest")
    with leading_away as port, pytest.raises(Lost, match="302"):
        _open(port)


@pytest.mark.parametrize("opener", [mjpeg.open_stream, rtsp.open_stream])
def test_it_never_connects_outside_the_allowed_networks(opener: object) -> None:
    scheme = "http" if opener is mjpeg.open_stream else "rtsp"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        port = listener.getsockname()[1]
        with pytest.raises(Refused, match="network"):
            opener(f"{scheme}://127.0.0.1:{port}/", Terms(read_networks(["10.0.0.0/8"])))  # type: ignore[operator]
        with pytest.raises(TimeoutError):
            listener.accept()


@contextmanager
def rtsp_server(*arguments: str) -> Iterator[int]:
    command = [SYSTEM_PYTHON, str(PEER), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as peer:
        assert peer.stdout
        try:
            yield int(peer.stdout.readline())
        finally:
            peer.kill()


def test_it_reads_rtsp_with_presentation_times_and_notices_its_end(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with rtsp_server("0", "160", "120", "10", "eye:s3cret") as port:
        stream = rtsp.open_stream(f"rtsp://eye:s3cret@localhost:{port}/live", LOOPBACK)
        times = [stream.grab() for _ in range(8)]
        assert stream.retrieve().shape == (120, 160, 3)
        steps = np.diff([time for time in times[1:] if time is not None])
        assert steps == pytest.approx(0.1, abs=0.02)
        with pytest.raises(Refused, match="401"):
            rtsp.open_stream(f"rtsp://eye:guessed@localhost:{port}/live", LOOPBACK)
    with pytest.raises(Lost):
        _drain(stream)
    stream.close()
    told = "".join(capfd.readouterr())
    assert "s3cret" not in told
    assert "guessed" not in told


def test_it_decodes_no_more_of_h264_than_its_budget() -> None:
    """Key pictures stand alone: four of twenty a second, of which two are wanted."""
    thrifty = replace(LOOPBACK, most_fps=2.0)
    with (
        rtsp_server("0", "160", "120", "20", "", "5") as port,
        closing(rtsp.open_stream(f"rtsp://127.0.0.1:{port}/live", thrifty)) as stream,
    ):
        times = [stream.grab() for _ in range(38)]  # the first pictures are let through whole
        assert stream.retrieve().shape == (120, 160, 3)
    steps = np.diff([time for time in times[-4:] if time is not None])
    assert steps == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("at", ["OPTIONS", "DESCRIBE", "SETUP"])
def test_it_follows_no_redirect_of_rtsp(at: str) -> None:
    """FFmpeg would, to wherever it leads."""
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0.3)
        leads = f"rtsp://127.0.0.1:{elsewhere.getsockname()[1]}/live"
        moved = rtsp_camera({at: f"302 Moved\r\nLocation: {leads}"})
        with moved as port, pytest.raises(Refused, match="another address"):
            rtsp.open_stream(f"rtsp://127.0.0.1:{port}/live", LOOPBACK)
        with pytest.raises(TimeoutError):
            elsewhere.accept()


def test_it_loses_an_rtsp_peer_that_stalls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "READ_WITHIN_S", 0.2)
    monkeypatch.setattr(relay, "LOOK_UP_S", 0.05)
    with rtsp_camera({"DESCRIBE": ""}) as port, pytest.raises(Lost, match="some time"):
        rtsp.open_stream(f"rtsp://127.0.0.1:{port}/live", LOOPBACK)


def test_it_loses_an_rtsp_peer_that_lies_about_lengths() -> None:
    answer = "200 OK\r\nContent-Length: 99999999"
    with rtsp_camera({"DESCRIBE": answer}) as port, pytest.raises(Lost, match="lies"):
        rtsp.open_stream(f"rtsp://127.0.0.1:{port}/live", LOOPBACK)


def test_it_says_what_an_rtsp_camera_answers() -> None:
    with rtsp_camera({"DESCRIBE": "404 Not Found"}) as port, pytest.raises(Lost, match="404"):
        rtsp.open_stream(f"rtsp://127.0.0.1:{port}/live", LOOPBACK)


def test_it_loses_an_rtsp_peer_that_speaks_something_else() -> None:
    with camera(pictures) as port, pytest.raises(Lost):
        rtsp.open_stream(f"rtsp://127.0.0.1:{port}/", LOOPBACK)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "clips" / "clip.avi"
    path.parent.mkdir()
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 50, (64, 48))
    for n in range(4):
        writer.write(np.full((48, 64, 3), 40 * n, np.uint8))
    writer.release()
    return path


def test_it_plays_a_recording_to_its_end(recording: Path) -> None:
    terms = Terms((), recording.parent)
    with closing(video_file.open_stream(f"file://{recording}", terms)) as stream:
        for _ in range(4):
            stream.grab()
        assert stream.retrieve().shape == (48, 64, 3)
        with pytest.raises(Lost):
            stream.grab()


def test_it_opens_no_file_elsewhere(recording: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "secret.avi"
    elsewhere.write_bytes(recording.read_bytes())
    terms = Terms((), recording.parent)
    for path in (elsewhere, f"{recording.parent}/../secret.avi", "/etc/passwd"):
        with pytest.raises(Refused, match="folder"):
            video_file.open_stream(f"file://{path}", terms)
    with pytest.raises(Refused):
        video_file.open_stream(f"file://{recording}", Terms(()))


def _open(port: int) -> Stream:
    return mjpeg.open_stream(f"http://127.0.0.1:{port}/", LOOPBACK)


def _first_picture(port: int) -> Picture:
    with closing(_open(port)) as stream:
        stream.grab()
        return stream.retrieve()


def _drain(stream: Stream) -> None:
    """What was buffered still comes."""
    for _ in range(100):
        stream.grab()
