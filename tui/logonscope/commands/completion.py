"""``logonscope completion``: what a shell needs to complete commands, options and paths."""

from __future__ import annotations

import click
from click.shell_completion import (
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    get_completion_class,
)

from logonscope.commands.outputs import examples

_VARIABLE = "_LOGONSCOPE_COMPLETE"


class _WholeWords(ShellComplete):
    """For shells that put the offer in place of the whole word: the value of ``--format=c`` comes with its option."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        found = super().get_completions(args, incomplete)
        option, equals, _ = incomplete.partition("=")
        if not option.startswith("--") or not equals:
            return found
        return [
            CompletionItem(f"{option}={item.value}", item.type, item.help) if item.type == "plain" else item
            for item in found
        ]


@add_completion_class
class _Zsh(_WholeWords, ZshComplete):
    pass


@add_completion_class
class _Fish(_WholeWords, FishComplete):
    pass


@click.command(
    epilog=examples(
        "logonscope completion bash > ~/.local/share/bash-completion/completions/logonscope",
        "logonscope completion zsh > ~/.zfunc/_logonscope        # a folder of your fpath",
        "logonscope completion fish > ~/.config/fish/completions/logonscope.fish",
    )
)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print a script that lets a shell complete commands, options, forms and paths."""
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"Nothing is known of the shell {shell}.")
    click.echo(found(context.find_root().command, {}, "logonscope", _VARIABLE).source())
