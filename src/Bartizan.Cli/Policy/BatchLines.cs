using System.Buffers;

namespace Bartizan.Cli.Policy;

/// <summary>Splits a stream into lines of bounded length; what a longer line says beyond the bound is dropped, and said so.</summary>
internal sealed class BatchLines(Stream input, int maxLength)
{
    private readonly byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;

    /// <param name="isCut">Whether the line was longer than the bound.</param>
    /// <returns>False at the end of the stream.</returns>
    public bool Next(ArrayBufferWriter<byte> line, out bool isCut)
    {
        line.ResetWrittenCount();
        isCut = false;
        var any = false;
        while (true)
        {
            if (start == end)
            {
                start = 0;
                end = input.Read(buffer, 0, buffer.Length);
                if (end == 0)
                {
                    return any;
                }
            }

            any = true;
            var piece = buffer.AsSpan(start, end - start);
            var newline = piece.IndexOf((byte)'\n');
            var taken = newline < 0 ? piece : piece[..newline];
            start += newline < 0 ? piece.Length : newline + 1;
            if (line.WrittenCount + taken.Length <= maxLength)
            {
                line.Write(taken);
            }
            else
            {
                isCut = true;
            }

            if (newline >= 0)
            {
                return true;
            }
        }
    }
}
