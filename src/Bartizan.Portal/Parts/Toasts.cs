namespace Bartizan.Portal.Parts;

/// <summary>Short messages about what has just been done; the layout shows them.</summary>
internal sealed class Toasts
{
    public event Action<Toast>? Raised;

    public void Say(string text) => Raised?.Invoke(new Toast(text, IsBad: false));

    public void Warn(string text) => Raised?.Invoke(new Toast(text, IsBad: true));
}

internal sealed record Toast(string Text, bool IsBad);
