"""A command takes no more instructions than were recorded: a regression is seen whatever else the machine does."""

import pytest

import instructions


def test_no_command_takes_a_twentieth_more_instructions_than_recorded():
    if reason := instructions.obstacle():
        pytest.skip(reason)
    assert instructions.grown(instructions.measure()) == []


def test_what_has_grown_is_named(monkeypatch, tmp_path):
    file = tmp_path / "recorded.json"
    file.write_text('{"instructions": {"a": 1000, "b": 1000, "c": 1000}}')
    monkeypatch.setattr(instructions, "RECORDED", file)
    assert instructions.grown({"a": 1050, "b": 1051, "c": 10}) == ["b: 1,051 instructions, +5.1% against 1,000"]
