using Whittle.Examples.Downloads;

namespace Whittle.Examples.DataSets;

/// <summary>
/// A data set of files: where its authors publish them, and what they must be.
/// Lengths and checksums of published files are those that TensorFlow Datasets lists (tensorflow_datasets/url_checksums).
/// Checksums of unpacked content are of copies whose MD5 is the published one; of what comes out of an archive and has
/// none here, <see cref="SetDownload"/> records the checksum.
/// </summary>
/// <param name="Name">Its name, also that of its directory.</param>
/// <param name="Training">Training images.</param>
/// <param name="Test">Test images.</param>
/// <param name="Image">What an image is.</param>
/// <param name="Classes">Number of classes.</param>
public sealed record PublicSet(string Name, int Training, int Test, string Image, int Classes)
{
    private const string TrainImages = "train-images-idx3-ubyte.gz";
    private const string TrainLabels = "train-labels-idx1-ubyte.gz";
    private const string TestImages = "t10k-images-idx3-ubyte.gz";
    private const string TestLabels = "t10k-labels-idx1-ubyte.gz";
    private const string NorbTraining = "smallnorb-5x46789x9x18x6x2x96x96-training";
    private const string NorbTesting = "smallnorb-5x01235x9x18x6x2x96x96-testing";

    /// <summary>Addresses to try in turn; each ends where the names of the files go.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>What is fetched; empty if nobody publishes the set in a format that this program reads.</summary>
    public IReadOnlyList<PublishedFile> Downloads { get; init; } = [];

    /// <summary>What lies on the disk.</summary>
    public IReadOnlyList<SetFile> Files { get; init; } = [];

    /// <summary>Every data set of files that this program knows.</summary>
    public static IReadOnlyList<PublicSet> All { get; } =
    [
        Plain(
            new("mnist", 60_000, 10_000, "28x28 grey", 10),
            ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"],
            (TrainImages, 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            (TrainLabels, 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            (TestImages, 1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            (TestLabels, 4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")),
        Plain(
            new("fashion-mnist", 60_000, 10_000, "28x28 grey", 10),
            ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
            (TrainImages, 26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84", "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
            (TrainLabels, 29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845", "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            (TestImages, 4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073", "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
            (TestLabels, 5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5", "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34")),
        Plain(
            new("kuzushiji-mnist", 60_000, 10_000, "28x28 grey", 10),
            ["http://codh.rois.ac.jp/kmnist/dataset/kmnist/"],
            (TrainImages, 18_165_135, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4", null),
            (TrainLabels, 29_497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17", null),
            (TestImages, 3_041_136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5", null),
            (TestLabels, 5_120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c", null)),
        new("emnist-letters", 124_800, 20_800, "28x28 grey", 26)
        {
            Addresses = ["https://biometrics.nist.gov/cs_links/EMNIST/", "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/"],
            Downloads = [new("gzip.zip", 561_753_746, "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e")],
            Files =
            [
                new("emnist-letters-train-images-idx3-ubyte.gz", null),
                new("emnist-letters-train-labels-idx1-ubyte.gz", null),
                new("emnist-letters-test-images-idx3-ubyte.gz", null),
                new("emnist-letters-test-labels-idx1-ubyte.gz", null),
            ],
        },
        Plain(
            new("norb", 24_300, 24_300, "2 of 96x96 grey", 5),
            ["https://cs.nyu.edu/~ylclab/data/norb-v1.0-small/", "https://cs.nyu.edu/~yann/data/norb-v1.0-small/"],
            ($"{NorbTraining}-dat.mat.gz", 131_896_188, "5ffd6272a07d32695ee1082a26a41a93a37aab8c28da047f8c34ed348d214873", null),
            ($"{NorbTraining}-cat.mat.gz", 348, "2784e542c1922060691090952b6cd6278879a216c90f81476f0f00256d42cdaa", null),
            ($"{NorbTraining}-info.mat.gz", 71_052, "de7eb932ebe7a4ee16217fead60660d0eb3d23632c2f4d1c51f88c501c17bf32", null),
            ($"{NorbTesting}-dat.mat.gz", 130_799_817, "cf7104eed3e51174d2f65b66d1e5878b9da233b886f161b0d88f4510ba2c7474", null),
            ($"{NorbTesting}-cat.mat.gz", 347, "ecaf6d5bb8c3bc5eab9cf0258f6d2198dd474e016e374836fc097f2e5ff509ff", null),
            ($"{NorbTesting}-info.mat.gz", 10_428, "16adf314226327ee006d1a44db8cfef52773c06c829951d5653a9f6f310248a2", null)),
        new("cifar-10", 50_000, 10_000, "32x32 colour", 10)
        {
            Addresses = ["https://www.cs.toronto.edu/~kriz/"],
            Downloads = [new("cifar-10-binary.tar.gz", 170_052_171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")],
            Files =
            [
                new("data_batch_1.bin", null, "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
                new("data_batch_2.bin", null, "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
                new("data_batch_3.bin", null, "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
                new("data_batch_4.bin", null, "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
                new("data_batch_5.bin", null, "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
                new("test_batch.bin", null),
            ],
        },
        new("digits", 3_823, 1_797, "8x8 grey", 10)
        {
            Files = [new(TrainImages, null), new(TrainLabels, null), new(TestImages, null), new(TestLabels, null)],
        },
    ];

    /// <summary>Bytes to fetch.</summary>
    public long DownloadBytes => Downloads.Sum(file => file.Bytes);

    private static PublicSet Plain(PublicSet set, string[] addresses, params (string Name, long Bytes, string Sha256, string? Content)[] files) => set with
    {
        Addresses = addresses,
        Downloads = [.. files.Select(file => new PublishedFile(file.Name, file.Bytes, file.Sha256))],
        Files = [.. files.Select(file => new SetFile(file.Name, file.Sha256, file.Content))],
    };
}
