using NeuroCred.Balancer.CommandLine;

return new BalancerProgram(Console.Out, Console.Error).Run(args);
