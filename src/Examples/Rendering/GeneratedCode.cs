namespace Whittle.Examples.Rendering;

/// <summary>Where the build wrote the generated code of this program.</summary>
internal static class GeneratedCode
{
    /// <summary>The directory and its number of files, or how to get them written.</summary>
    public static string Describe()
    {
        // From bin/Release/net10.0 up to the project, whose obj/generated the project file asks for.
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var generated = Path.Combine(directory.FullName, "obj", "generated");
            if (Directory.Exists(generated))
            {
                var files = Directory.EnumerateFiles(generated, "*.g.cs", SearchOption.AllDirectories).ToArray();
                var network = files.FirstOrDefault(file => file.EndsWith($"{nameof(Networks.Digits)}.g.cs", StringComparison.Ordinal)) ?? generated;
                return $"{Path.GetRelativePath(Environment.CurrentDirectory, network)} and {files.Length - 1} more files beside it";
            }
        }

        return "not beside this program; build src/Examples, whose project file sets EmitCompilerGeneratedFiles";
    }
}
