namespace Aspire.Hosting;

/// <summary>Something the AppHost's author or user can mend. Its message says what and how.</summary>
public class DistributedApplicationException : Exception
{
    /// <summary>Creates the exception.</summary>
    public DistributedApplicationException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, and how to mend it.</param>
    public DistributedApplicationException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, and how to mend it.</param>
    /// <param name="inner">What it came from.</param>
    public DistributedApplicationException(string message, Exception inner) : base(message, inner)
    {
    }
}

/// <summary>A parameter has no value.</summary>
/// <param name="message">Which one, and how to give it.</param>
public class MissingParameterValueException(string message) : DistributedApplicationException(message);
