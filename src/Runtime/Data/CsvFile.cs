using CsvHelper;

namespace Whittle;

/// <summary>Reads tables of numbers with a class or target values per line from CSV files, plain or gzip.</summary>
public static class CsvFile
{
    // More than a line of 16 million pixels: an unclosed quotation mark ends here, not with the memory.
    private const int MaximalLine = 1 << 27;

    /// <summary>Reads a file, one row of features per line.</summary>
    /// <param name="path">UTF-8 text, or UTF-16 with a byte order mark.</param>
    /// <param name="options">Columns, separator and so on; the defaults (header, class in the last column) if left out.</param>
    /// <exception cref="DataFormatException">The file is missing or not readable, or a field is not what it should be; the message names line and column.</exception>
    /// <exception cref="ArgumentException">The separator is not an ASCII character that can separate fields.</exception>
    public static Dataset Load(string path, CsvOptions? options = null)
    {
        options ??= new CsvOptions();
        var readerOptions = new CsvReaderOptions
        {
            Separator = options.Separator,
            HasHeader = options.HasHeader,
            TrimWhitespace = true,
            TrimInsideQuotes = true,
            MaxRecordSize = MaximalLine,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
        };
        return DataFile.Read(path, stream =>
        {
            using var reader = CsvReader.Create(stream, readerOptions, leaveOpen: true);
            try
            {
                return Read(path, reader, options);
            }
            catch (CsvFormatException exception)
            {
                throw new DataFormatException(
                    $"{path}, line {exception.LineNumber} is not sound CSV; check its quotation marks: quote a whole field or nothing, and double the marks inside.", exception);
            }
        });
    }

    private static Dataset Read(string path, CsvReader reader, CsvOptions options)
    {
        if (!reader.Read())
        {
            throw new DataFormatException($"{path} has no rows; it needs at least one{(options.HasHeader ? " after the header" : "")}.");
        }

        var table = new CsvTable(path, reader, options);
        do
        {
            table.AddRow();
        }
        while (reader.Read());
        return table.ToDataset();
    }
}
