# {{mark}}

resource "aws_lb" "gateway" {
  name               = var.name
  load_balancer_type = "application"
  security_groups    = [aws_security_group.gateway.id]
  subnets            = var.public_subnet_ids

  # Silence between the load balancer and either side, whatever the connection is for: enough for a request that nginx sends again and
  # holds, and for a WebSocket, on which a replica says something every 15 s.
  idle_timeout = {{idle_timeout}}

  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection
}

resource "aws_lb_target_group" "nginx" {
  # Another port makes a new one beside the old one, which no fixed name allows. AWS takes 6 characters, and adds its own.
  name_prefix = "nginx-"
  tags        = { Name = "${var.name}-nginx" }
  vpc_id      = var.vpc_id
  target_type = "ip"
  protocol    = "HTTP"
  port        = {{gateway_port}}

  # No slow_start: AWS has it only with round_robin.
  load_balancing_algorithm_type = "{{algorithm}}"

  # How long one that leaves may finish what it has. It gets nothing new from the beginning.
  deregistration_delay = {{deregistration_delay}}

  # A replica answers, through nginx.
  health_check {
    path                = "{{readiness_path}}"
    port                = "traffic-port"
    protocol            = "HTTP"
    matcher             = "200"
    interval            = {{readiness_interval}}
    timeout             = {{readiness_timeout}}
    healthy_threshold   = {{readiness_successes}}
    unhealthy_threshold = {{readiness_failures}}
  }

  stickiness {
    enabled         = {{sticky}}
    type            = "lb_cookie"
    cookie_duration = {{cookie_duration}}
  }

  lifecycle {
    create_before_destroy = true
  }
}

# Plain HTTP is for redirects alone. 301 is the nearest that a load balancer has to 308.
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.gateway.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

# HTTP/2 and WebSockets need nothing more.
resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.gateway.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.nginx.arn
  }
  {{hsts}}
}
