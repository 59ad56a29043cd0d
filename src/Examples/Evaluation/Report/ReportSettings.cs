namespace Whittle.Examples.Evaluation.Report;

/// <summary>What a report tells of the run besides its results.</summary>
/// <param name="Command">The command line.</param>
/// <param name="Date">When it was written.</param>
/// <param name="Planned">Trainings of the study that are to be tested.</param>
/// <param name="Missing">How many of them have not run.</param>
/// <param name="Jobs">Trainings side by side.</param>
internal sealed record ReportSettings(string Command, DateTimeOffset Date, int Planned, int Missing, int Jobs);
