# {{mark}}

resource "aws_ecs_cluster" "this" {
  name = var.name
}

resource "aws_cloudwatch_log_group" "api" {
  name              = "/ecs/${var.name}"
  retention_in_days = var.log_retention_days
}

# What ECS may do to start a task: pull the image, write logs, read these secrets. The replicas themselves have no rights at all.
resource "aws_iam_role" "execution" {
  name = "${var.name}-execution"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_role_policy" "secrets" {
  name = "secrets"
  role = aws_iam_role.execution.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "secretsmanager:GetSecretValue"
      Resource = concat([for secret in local.secrets : secret.valueFrom], [var.postgres_owner_secret_arn])
    }]
  })
}

locals {
  secrets = concat(
    [
      { name = "Api__Key", valueFrom = var.api_key_secret_arn },
      { name = "ConnectionStrings__neurocred", valueFrom = var.postgres_secret_arn },
      { name = "Postgres__Password", valueFrom = var.postgres_password_secret_arn },
    ],
    var.redis_secret_arn == null ? [] : [{ name = "ConnectionStrings__redis", valueFrom = var.redis_secret_arn }],
  )

  # What is the same for a replica and for the migration.
  container = {
    name                   = "api"
    image                  = var.image
    essential              = true
    user                   = "1654"
    readonlyRootFilesystem = true

    linuxParameters = {
      capabilities = { drop = ["ALL"] }
    }

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.api.name
        awslogs-region        = data.aws_region.this.region
        awslogs-stream-prefix = "api"
      }
    }
  }
}

resource "aws_ecs_task_definition" "api" {
  family                   = "${var.name}-api"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = {{task_cpu}}
  memory                   = {{task_memory}}
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([merge(local.container, {
    portMappings = [{ containerPort = {{port}}, protocol = "tcp" }]
    # A replica's draining, and a little for the runtime; then it is killed.
    stopTimeout = {{stop_timeout}}
    secrets     = local.secrets

    # Ready once, from then on alive: until then nginx does not learn of it, and no other leaves for it. As patient as the guide's three times 30 s:
    # the image's watchdog ends what hangs, and a busy one must not be ended.
    healthCheck = {
      command     = ["CMD", "health"]
      interval    = 10
      timeout     = 5
      retries     = 9
      startPeriod = 60
    }

    environment = [
      { name = "ASPNETCORE_HTTP_PORTS", value = "{{port}}" },
      # The root is read-only, and the runtime would open its diagnostics in /tmp.
      { name = "DOTNET_EnableDiagnostics", value = "0" },
      # For the first of these two the replica serves as before: AWS ends it without waiting until DNS, which nginx asks, no longer has it.
      { name = "Draining__Grace", value = "{{draining_grace}}" },
      { name = "Draining__Timeout", value = "{{draining_timeout}}" },
      { name = "ForwardedHeaders__KnownProxies", value = data.aws_vpc.this.cidr_block },
      { name = "Postgres__User", value = "neurocred_service" },
      { name = "Postgres__PoolSize", value = "{{pool_size}}" },
      { name = "READINESS_PATH", value = "{{readiness_path}}" },
      # The image's watchdog ends a replica that hangs: ECS would take nine checks.
      {{watchdog}}
    ]
  })])
}

# Run once, before the service gets its image: see outputs.tf.
resource "aws_ecs_task_definition" "migration" {
  family                   = "${var.name}-migration"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = {{task_cpu}}
  memory                   = {{task_memory}}
  execution_role_arn       = aws_iam_role.execution.arn
  # Applied alone, before the rest, it still needs where to run, the way to Postgres, and the right to read its secrets.
  depends_on = [
    aws_ecs_cluster.this,
    aws_iam_role_policy.secrets,
    aws_iam_role_policy_attachment.execution,
    aws_vpc_security_group_egress_rule.api,
  ]

  container_definitions = jsonencode([merge(local.container, {
    command = ["migrate"]
    secrets = [
      { name = "ConnectionStrings__neurocred", valueFrom = var.postgres_owner_secret_arn },
      { name = "Postgres__Password", valueFrom = var.postgres_password_secret_arn },
    ]

    environment = [
      { name = "Postgres__User", value = "neurocred_service" },
      { name = "DOTNET_EnableDiagnostics", value = "0" },
    ]
  })])
}

resource "aws_ecs_service" "api" {
  name            = "${var.name}-api"
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.api.arn
  launch_type     = "FARGATE"
  desired_count   = {{min_replicas}}

  # New replicas are healthy before old ones leave. If they do not become so, the old version comes back by itself.
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  availability_zone_rebalancing      = "ENABLED"
  wait_for_steady_state              = true

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  service_registries {
    registry_arn = aws_service_discovery_service.api.arn
  }

  network_configuration {
    subnets          = var.private_subnet_ids
    security_groups  = [aws_security_group.api.id]
    assign_public_ip = false
  }

  # How many there are is for autoscaling.tf.
  lifecycle {
    ignore_changes = [desired_count]

    # Otherwise an apply succeeds although the circuit breaker has brought the old version back.
    postcondition {
      condition     = self.task_definition == aws_ecs_task_definition.api.arn
      error_message = "The new version did not become healthy, and ECS has brought the old one back. See the service's events and the tasks' logs."
    }
  }

  # Without its rights a task cannot start.
  depends_on = [aws_iam_role_policy.secrets, aws_iam_role_policy_attachment.execution]
}
