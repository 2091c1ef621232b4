"""Icons as Windows and macOS read them."""

import struct

import icons


def test_a_windows_icon_points_at_bitmaps_and_pictures() -> None:
    data = icons.ico({256: b"PNG256"}, {16: bytes(16 * 16 * 4)})

    assert struct.unpack_from("<HHH", data) == (0, 1, 2)
    width, height, _, _, planes, depth, size, offset = struct.unpack_from("<BBBBHHII", data, 6)
    assert (width, height, planes, depth) == (16, 16, 1, 32)
    assert size == 40 + 16 * 16 * 4 + 16 * 4 and offset == 6 + 2 * 16
    assert struct.unpack_from("<IiiHH", data, offset) == (40, 16, 32, 1, 32)
    assert data.endswith(b"PNG256") and struct.unpack_from("<B", data, 22) == (0,)


def test_rows_of_a_bitmap_stand_upside_down() -> None:
    body = icons.bitmap(2, b"AAAABBBBCCCCDDDD")

    assert body[40:56] == b"CCCCDDDDAAAABBBB"


def test_a_macos_icon_tells_its_length_and_each_of_its_pictures() -> None:
    data = icons.icns({edge: bytes([edge % 251]) * edge for edge in icons.ICNS_KINDS.values()})

    assert data[:4] == b"icns" and struct.unpack_from(">I", data, 4) == (len(data),)
    offset, kinds = 8, []
    while offset < len(data):
        kind, length = struct.unpack_from(">4sI", data, offset)
        assert length - 8 == icons.ICNS_KINDS[kind]
        kinds.append(kind)
        offset += length
    assert kinds == list(icons.ICNS_KINDS)
