using Microsoft.JSInterop;

namespace Bartizan.Portal.Parts;

internal static class Endings
{
    /// <summary>Disposes what a page keeps in the browser; a browser that has gone has done so itself.</summary>
    public static async ValueTask EndAsync(this IJSObjectReference? handle)
    {
        if (handle is null)
        {
            return;
        }

        try
        {
            await handle.InvokeVoidAsync("dispose");
            await handle.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
        }
        catch (JSException)
        {
        }
        catch (OperationCanceledException)
        {
        }
    }
}
