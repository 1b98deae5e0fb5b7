"""A real RTSP server for tests: GStreamer's, run by the system's own Python.

Prints its port, then serves a moving ball with a clock as H.264 until it is ended.
Arguments: port (0: any), width, height, pictures a second, user:password or nothing, how many
pictures from one key picture to the next (a second's, where left out).
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402


def factory(width: str, height: str, fps: str, keys: str) -> "GstRtspServer.RTSPMediaFactory":
    made = GstRtspServer.RTSPMediaFactory()
    made.set_launch(
        f"( videotestsrc is-live=true pattern=ball ! "
        f"video/x-raw,width={width},height={height},framerate={fps}/1 ! "
        f"x264enc tune=zerolatency speed-preset=ultrafast key-int-max={keys} ! "
        f"rtph264pay name=pay0 pt=96 )"
    )
    made.set_shared(True)
    return made


def guard(server: "GstRtspServer.RTSPServer", credentials: str) -> None:
    user, _, password = credentials.partition(":")
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)


def main() -> None:
    port, width, height, fps, credentials, keys = (*sys.argv[1:], *[""] * 6)[:6]
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port or "0")
    fps = fps or "10"
    made = factory(width or "320", height or "240", fps, keys or fps)
    if credentials:
        guard(server, credentials)
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_role("viewer")
        permissions.add_permission_for_role("viewer", "media.factory.access", True)
        permissions.add_permission_for_role("viewer", "media.factory.construct", True)
        made.set_permissions(permissions)
    server.get_mount_points().add_factory("/live", made)
    server.attach(None)
    print(server.get_bound_port(), flush=True)  # noqa: T201 - whoever started us reads it
    GLib.MainLoop().run()


main()
