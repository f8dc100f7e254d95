-- CreateTable
CREATE TABLE "Thing0" (
    "id" UUID NOT NULL,
    "a" TIMESTAMP(3),

    CONSTRAINT "Thing0_pkey" PRIMARY KEY ("id")
);
