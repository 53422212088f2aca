using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Bartizan.Portal.Parts;

/// <summary>What the browser does for a page: clipboard, downloads, address without navigation, dialogs.</summary>
internal sealed class Browser(IJSRuntime js) : IAsyncDisposable
{
    private Task<IJSObjectReference>? module;

    public static string Module(string name) => $"./_content/Bartizan.Portal/dist/{name}.js";

    public Task<IJSObjectReference> ShellAsync() => module ??= js.InvokeAsync<IJSObjectReference>("import", Module("shell")).AsTask();

    public async Task<bool> CopyAsync(string text) => await (await ShellAsync()).InvokeAsync<bool>("copy", text);

    public async Task DownloadAsync(string name, string type, string text) => await (await ShellAsync()).InvokeVoidAsync("download", name, type, text);

    public async Task ReplaceQueryAsync(IReadOnlyDictionary<string, string?> values) => await (await ShellAsync()).InvokeVoidAsync("replaceQuery", values);

    /// <summary>What this browser keeps under a name for its user; null where it keeps nothing.</summary>
    public async Task<string?> RememberedAsync(string key) => await (await ShellAsync()).InvokeAsync<string?>("remembered", key);

    public async Task RememberAsync(string key, string text) => await (await ShellAsync()).InvokeVoidAsync("remember", key, text);

    public async Task ShowAsync(ElementReference dialog) => await (await ShellAsync()).InvokeVoidAsync("showDialog", dialog);

    public async Task CloseAsync(ElementReference dialog) => await (await ShellAsync()).InvokeVoidAsync("closeDialog", dialog);

    public async Task FocusAsync(string selector) => await (await ShellAsync()).InvokeVoidAsync("focus", selector);

    public async Task ScrollToAsync(string id) => await (await ShellAsync()).InvokeVoidAsync("scrollTo", id);

    public async Task ToggleThemeAsync() => await (await ShellAsync()).InvokeVoidAsync("toggleTheme");

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (module is not null)
            {
                await (await module).DisposeAsync();
            }
        }
        catch (JSException)
        {
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and with it all that would be disposed there.
        }
        catch (OperationCanceledException)
        {
        }
    }
}
