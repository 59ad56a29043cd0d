namespace Whittle.Runtime.Tests.Data;

public sealed class CsvFileTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void The_last_column_is_the_class_unless_told_otherwise()
    {
        var data = Load("a,b,species\n1,2.5,cat\n-3e1,.5,ant\n5,6,cat\n");

        Assert.Equal((3, 2, 2), (data.Count, data.Features, data.Classes));
        Assert.Equal([-30f, 0.5f], data.Row(1));
        Assert.Equal([1, 0, 1], data.Labels);
        Assert.Equal(["ant", "cat"], data.ClassNames!);
    }

    [Theory]
    [InlineData("kind")]
    [InlineData(1)]
    [InlineData(-2)]
    public void The_class_may_be_any_column(object column)
    {
        CsvColumn label = column switch { string name => name, int and < 0 => ^2, _ => (int)column };
        var data = Load("a,kind,b\n1,0,2\n3,1,4\n", new CsvOptions { LabelColumn = label });

        Assert.Equal([3f, 4], data.Row(1));
        Assert.Equal([0, 1], data.Labels);
    }

    [Fact]
    public void Whole_numbers_from_0_are_the_classes_themselves()
    {
        var data = Load("x,y\n1,2\n1,0\n1,9\n");

        Assert.Equal([2, 0, 9], data.Labels);
        Assert.Equal(10, data.Classes);
        Assert.Null(data.ClassNames);
    }

    [Fact]
    public void Given_class_names_fix_the_numbers_and_refuse_others()
    {
        var options = new CsvOptions { ClassNames = ["no", "yes", "maybe"] };
        var data = Load("x,y\n1,yes\n1,no\n", options);

        Assert.Equal([1, 0], data.Labels);
        Assert.Equal(3, data.Classes);
        Refuses("line 3, column \"y\": \"perhaps\" is not among the given class names", "x,y\n1,yes\n1,perhaps\n", options);
        Refuses("given twice", "x,y\n1,a\n", new CsvOptions { ClassNames = ["a", "a"] });
    }

    [Fact]
    public void Separators_headers_spaces_and_line_ends_may_differ()
    {
        Assert.Equal([1.5f, 2], Load("1.5;2;0\r\n3;4;1\r\n", new CsvOptions { HasHeader = false }).Row(0));
        Assert.Equal([1.5f, 2], Load("1.5\t2\t0", new CsvOptions { HasHeader = false, Separator = '\t' }).Row(0));
        Assert.Equal([1f, 2], Load("a , b , c\n\n 1 , \" 2 \" , x \n\n").Row(0));
        Assert.Equal(["x, \"y\""], Load("a,b\n1,\"x, \"\"y\"\"\"\n").ClassNames!);
        Assert.Equal([7f], Load(IdxBytes.Gzip("a,b\n7,x\n"u8.ToArray())).Row(0));
        Assert.Equal([7f], Load([0xEF, 0xBB, 0xBF, .. "a,b\n7,x\n"u8], new CsvOptions { LabelColumn = "b", IgnoredColumns = [] }).Row(0));
    }

    [Fact]
    public void Targets_and_ignored_columns_leave_the_features()
    {
        var data = Load("id,x,y,price\nq,1,2,3\nr,4,5,6\n", new CsvOptions { IgnoredColumns = ["id"], TargetColumns = ["price", "x"] });

        Assert.Equal((1, 2, 0), (data.Features, data.Targets, data.Classes));
        Assert.Equal([5f], data.Row(1));
        Assert.Equal([6f, 4], data.TargetRow(1));
    }

    [Fact]
    public void Numbers_do_not_depend_on_the_language_of_the_system()
    {
        var culture = Thread.CurrentThread.CurrentCulture;
        try
        {
            var german = (System.Globalization.CultureInfo)System.Globalization.CultureInfo.InvariantCulture.Clone();
            german.NumberFormat.NumberDecimalSeparator = ",";
            german.NumberFormat.NumberGroupSeparator = ".";
            Thread.CurrentThread.CurrentCulture = german;
            Assert.Equal([1.5f], Load("a,b\n1.5,0\n").Row(0));
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Errors_name_line_and_column()
    {
        Refuses("line 3, column \"b\": \"abc\" is not a number", "a,b,c\n1,2,0\n1,abc,0\n");
        Refuses("line 1, column 1: \"1,5\" is not a number", "2;1,5;0\n", new CsvOptions { HasHeader = false, Separator = ';' });
        Refuses("line 2, column \"a\": \"\" is empty", "a,b\n,0\n");
        Refuses("line 2, column \"b\": \"\" is empty", "a,b\n1,\n");
        Refuses("line 2, column \"a\": \"NaN\" is not a finite number", "a,b\nNaN,0\n");
        Refuses("line 2, column \"a\": \"1e99\" is not a finite number", "a,b\n1e99,0\n");
        Refuses("line 5 has 3 fields, but should have 2", "a,b\n1,0\n\n2,1\n1,2,3\n");
        Refuses("line 3 is not sound CSV", "a,b\n1,0\n\"1,0\n");
        Refuses("line 2 is not sound CSV", "a,b\n\"1\"2,0\n");
        Refuses("no rows", "");
        Refuses("no rows; it needs at least one after the header", "a,b\n");
        Refuses("no columns of features", "a\n1\n");
        Refuses("no column \"z\"; its columns are \"a\", \"b\"", "a,b\n1,0\n", new CsvOptions { LabelColumn = "z" });
        Refuses("more than one column \"a\"", "a,a\n1,0\n", new CsvOptions { LabelColumn = "a" });
        Refuses("no column 7; it has columns 0 to 1", "a,b\n1,0\n", new CsvOptions { LabelColumn = 7 });
        Refuses("without a header", "1,0\n", new CsvOptions { HasHeader = false, LabelColumn = "b" });
        Refuses("both ignored and the class", "a,b\n1,0\n", new CsvOptions { IgnoredColumns = ["b"] });
        Refuses("more than the 16384 that", "a,b\n" + string.Concat(Enumerable.Range(0, 16_385).Select(row => $"1,n{row}\n")));
    }

    [Fact]
    public void A_path_that_cannot_be_read_is_told()
    {
        Assert.Contains("does not exist", Assert.Throws<DataFormatException>(() => CsvFile.Load(Path.Combine(directory.Path, "none.csv"))).Message);
        Assert.Contains("is a directory", Assert.Throws<DataFormatException>(() => CsvFile.Load(directory.Path)).Message);
    }

    private Dataset Load(string content, CsvOptions? options = null) => CsvFile.Load(directory.Write("data.csv", content), options);

    private Dataset Load(byte[] content, CsvOptions? options = null) => CsvFile.Load(directory.Write("data.csv", content), options);

    private void Refuses(string reason, string content, CsvOptions? options = null)
    {
        var message = Assert.Throws<DataFormatException>(() => Load(content, options)).Message;
        Assert.Contains(reason, message);
        Assert.DoesNotContain('\n', message);
    }
}
