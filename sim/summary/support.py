"""What the variance of a reported outcome rests on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Support:
    """What the variance of the reported outcome rests on, in shares by Shapley effects.

    Parameters
    ----------
    scale
        ``log`` where the outcome is always positive, else ``raw``.
    judgement
        Share of the inputs of kind judgement.
    unsourced
        Share of those of them that state no source.
    names
        Names of the inputs without a source.
    """

    scale: str
    judgement: float
    unsourced: float
    names: tuple[str, ...]

    def words(self, outcome: str) -> str:
        """Return the shares in a phrase for the summary."""
        of = f"log({outcome})" if self.scale == "log" else outcome
        without = f"{round(100 * self.unsourced)} % without a source"
        return f"variance of {of}: {round(100 * self.judgement)} % judgement, {without}"
