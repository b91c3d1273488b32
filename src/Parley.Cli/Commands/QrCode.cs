using QRCoder;

namespace Parley.Cli.Commands;

/// <summary>A text as a QR code in the terminal, two rows of it to a line.</summary>
static class QrCode
{
    // Light on dark whatever the terminal's own colors are: not every camera reads an inverted code.
    const string Light = "\e[97;40m", Plain = "\e[0m";

    public static void Write(TextWriter output, string text, bool inColor)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        using var drawing = new AsciiQRCode(code);
        foreach (var line in drawing.GetGraphicSmall().ReplaceLineEndings("\n").Split('\n'))
            output.WriteLine(inColor ? Light + line + Plain : line);
    }
}
